const WORD = 0x1_0000_0000;

/** A stream of random decisions: the same seed gives the same stream for ever (sfc32). */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    [this.#a, this.#b, this.#c] = [seed | 0, stream | 0, 0x9e3779b9 | 0];
    for (let i = 0; i < 12; i++) this.word();
  }

  /** 32 bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** A number in [0, n). */
  below(n: number): number {
    return Math.floor((this.word() / WORD) * n);
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.word() / WORD < probability;
  }

  /** One of a list, which is not empty. */
  pick<T>(list: readonly T[]): T {
    const item = this.maybe(list);
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** One of a list, or nothing of an empty one. */
  maybe<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** One of a list by weight. */
  weighted<T>(list: readonly (readonly [weight: number, item: T])[]): T {
    let left = (this.word() / WORD) * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of list) {
      left -= weight;
      if (left < 0) return item;
    }
    return this.pick(list)[1];
  }

  /** Some of a list, in its order. */
  some<T>(list: readonly T[], probability = 0.5): readonly T[] {
    return list.filter(() => this.chance(probability));
  }

  /** A number of up to so many bits. */
  bits(count: number): bigint {
    let value = 0n;
    for (let left = count; left > 0; left -= 32) {
      const take = Math.min(left, 32);
      value = (value << BigInt(take)) | BigInt(this.word() >>> (32 - take));
    }
    return value;
  }

  /** A number between two bounds, both included. */
  between(least: bigint, most: bigint): bigint {
    const span = most - least + 1n;
    if (span <= 1n) return least;
    return least + (this.bits(span.toString(2).length + 32) % span);
  }

  /** A number ≥ 1 of any magnitude up to so many bits: small ones are as frequent as large ones. */
  magnitude(bits: number): bigint {
    return this.bits(1 + this.below(bits)) + 1n;
  }

  /** A boundary or what stands beside it. */
  near(boundary: bigint): bigint {
    return boundary + this.pick([-1n, 0n, 1n]);
  }
}
