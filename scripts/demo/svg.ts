import { decimal, price } from "./format.ts";
import type { Breakeven, ProfitPoint } from "./profit.ts";

/** What the drawing shows. */
export interface Drawing {
  readonly title: string;
  readonly points: readonly ProfitPoint[];
  readonly breakevens: readonly Breakeven[];
  /** Where the book settled, and the profit there. */
  readonly settlement: ProfitPoint;
  readonly token: { readonly symbol: string; readonly decimals: number };
}

const WIDTH = 760;
const HEIGHT = 440;
const LEFT = 84;
const RIGHT = 24;
const TOP = 48;
const BOTTOM = 60;
const TICKS = 6;

/** Where prices and profits lie on the paper. */
interface Paper {
  x(price: bigint): number;
  y(profit: bigint): number;
  readonly prices: readonly bigint[];
  readonly profits: readonly bigint[];
}

/** A profit curve with labelled axes, breakevens and the settlement. */
export function drawing(input: Drawing): string {
  const paper = paperFor(input);
  const style = `font-family="sans-serif" font-size="12" fill="#222"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ${style}>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 26, input.title, `font-size="15" font-weight="bold"`),
    ...axes(paper, input),
    ...curve(paper, input),
    ...marks(paper, input),
    "</svg>\n",
  ].join("\n");
}

function paperFor({ points, settlement }: Drawing): Paper {
  const prices = points.map((point) => point.price);
  const profits = [...points.map((point) => point.profit), settlement.profit, 0n];
  const [low, high] = [least(prices), greatest(prices)];
  const room = (greatest(profits) - least(profits)) / 12n + 1n;
  const [bottom, top] = [least(profits) - room, greatest(profits) + room];
  const part = (value: bigint, from: bigint, to: bigint) =>
    Number(value - from) / Math.max(1, Number(to - from));
  return {
    x: (value) => LEFT + part(value, low, high) * (WIDTH - LEFT - RIGHT),
    y: (value) => HEIGHT - BOTTOM - part(value, bottom, top) * (HEIGHT - TOP - BOTTOM),
    prices: ticks(low, high),
    profits: ticks(bottom, top),
  };
}

function axes(paper: Paper, { token }: Drawing): readonly string[] {
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT - BOTTOM];
  const lines = [line(LEFT, TOP, LEFT, bottom), line(LEFT, bottom, right, bottom)];
  for (const tick of paper.prices) {
    const x = paper.x(tick);
    lines.push(line(x, bottom, x, bottom + 5));
    lines.push(text(x, bottom + 20, decimal(tick, 8, 0), `text-anchor="middle"`));
  }
  for (const tick of paper.profits) {
    const y = paper.y(tick);
    lines.push(line(LEFT, y, right, y, "#e4e4e4"));
    const label = decimal(tick, token.decimals, 0);
    lines.push(text(LEFT - 8, y + 4, label, `text-anchor="end"`));
  }
  lines.push(line(LEFT, paper.y(0n), right, paper.y(0n), "#888"));
  const middle = (LEFT + right) / 2;
  lines.push(text(middle, HEIGHT - 14, "settlement price, USD per ETH", `text-anchor="middle"`));
  const turned = `text-anchor="middle" transform="rotate(-90 18 ${(TOP + bottom) / 2})"`;
  lines.push(text(18, (TOP + bottom) / 2, `profit, ${token.symbol}`, turned));
  return lines;
}

function curve(paper: Paper, { points }: Drawing): readonly string[] {
  const path = points
    .map((point) => `${place(paper.x(point.price))},${place(paper.y(point.profit))}`)
    .join(" ");
  return [`<polyline points="${path}" fill="none" stroke="#1f5fbf" stroke-width="2.5"/>`];
}

function marks(paper: Paper, input: Drawing): readonly string[] {
  const { breakevens, settlement, token } = input;
  const shapes: string[] = [];
  for (const breakeven of breakevens) {
    const [x, y] = [paper.x(breakeven.price), paper.y(0n)];
    // On the losing side and above the axis, where no curve is.
    const aside = breakeven.rising ? -12 : 12;
    const label = `breakeven ${price(breakeven.price)}`;
    shapes.push(dot(x, y, "#c47f00"));
    shapes.push(text(x + aside, y - 8, label, anchorFor(aside)));
  }
  const [x, y] = [paper.x(settlement.price), paper.y(settlement.profit)];
  const dashed = `stroke="#b3261e" stroke-dasharray="5 4"`;
  shapes.push(`<path d="M${place(x)} ${TOP}V${HEIGHT - BOTTOM}" ${dashed}/>`);
  shapes.push(dot(x, y, "#b3261e"));
  const profit = decimal(settlement.profit, token.decimals, 2);
  const label = `settled at ${price(settlement.price)}: ${profit} ${token.symbol}`;
  // Beside the line, on the side that has more room.
  const aside = x > WIDTH / 2 ? -8 : 8;
  shapes.push(text(x + aside, TOP + 8, label, `${anchorFor(aside)} fill="#b3261e"`));
  return shapes;
}

/** A label to the left of its place ends there, one to the right begins. */
function anchorFor(aside: number): string {
  return `text-anchor="${aside < 0 ? "end" : "start"}"`;
}

/** Round numbers between two values: multiples of 1, 2 or 5 times a power of ten. */
function ticks(from: bigint, to: bigint): readonly bigint[] {
  const rough = (to - from) / BigInt(TICKS) + 1n;
  const power = 10n ** BigInt(rough.toString().length - 1);
  const step = [1n, 2n, 5n].map((times) => times * power).find((size) => size >= rough);
  const size = step ?? 10n * power;
  const found: bigint[] = [];
  for (let tick = (from / size) * size; tick <= to; tick += size) {
    if (tick >= from) found.push(tick);
  }
  return found;
}

function line(x1: number, y1: number, x2: number, y2: number, colour = "#222"): string {
  const ends = `x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}"`;
  return `<line ${ends} stroke="${colour}"/>`;
}

function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${place(x)}" cy="${place(y)}" r="4.5" fill="${colour}"/>`;
}

function text(x: number, y: number, label: string, attributes = ""): string {
  const escaped = label.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${place(x)}" y="${place(y)}" ${attributes}>${escaped}</text>`;
}

function place(value: number): string {
  return value.toFixed(1);
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b), values[0] ?? 0n);
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b), values[0] ?? 0n);
}
