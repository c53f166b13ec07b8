import { Wallet, ZeroAddress, id, toBeHex } from "ethers";

import { encodeReportV3, feedIdV3, signReport } from "../../../scripts/lib/oracle/dataStreams.ts";
import type { ReportV3 } from "../../../scripts/lib/oracle/dataStreams.ts";
import type { DataStreams } from "../../../types/ethers-contracts/index.ts";
import { START } from "../../fixtures/connection.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { Unit } from "../../fixtures/sources.ts";

/** The time that reports speak of: an hour after the chain's first second. */
export const TIME = START + 3_600n;
export const MAX_AGE = 60n;
export const MAX_AHEAD = 5n;
export const FEED = feedIdV3(id("ETH/USD"));
export const OTHER_FEED = feedIdV3(id("BTC/USD"));
export const CONTEXT = { configDigest: id("the oracles' configuration"), epoch: 7n, round: 1n };
/** Tolerated faults of four oracles: two signatures are wanted. */
export const F = 1;

/** Four oracles. */
export const oracles = [1n, 2n, 3n, 4n].map((key) => new Wallet(toBeHex(key, 32)));
export const [first, second, third] = oracles as [Wallet, Wallet, Wallet, Wallet];
/** Whoever is no oracle. */
export const stranger = new Wallet(toBeHex(5n, 32));

/** 18-decimal dollars. */
export const wei = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * 10n ** 12n;

/** A report of two seconds up to TIME, $2,000 ± 1, with what a test wants otherwise. */
export function reportOf(changes: Partial<ReportV3> = {}): string {
  return encodeReportV3({
    feedId: FEED,
    validFrom: TIME - 2n,
    observedAt: TIME,
    nativeFee: 1_000_000n,
    linkFee: 300n,
    expiresAt: TIME + 86_400n,
    price: wei(2_000),
    bid: wei(1_999),
    ask: wei(2_001),
    ...changes,
  });
}

/** The same, signed by two of the four oracles. */
export function payloadOf(changes: Partial<ReportV3> = {}, signers = [first, third]): string {
  return signReport(reportOf(changes), CONTEXT, signers);
}

/** A real proxy over a real verifier with four oracles, and a source of ETH in USD over it. */
export async function deployStreams(connection: Connection) {
  const { ethers } = connection;
  const proxy = await ethers.deployContract("VerifierProxy", [ZeroAddress]);
  const verifier = await ethers.deployContract("Verifier", [proxy]);
  await proxy.initializeVerifier(verifier);
  const addresses = oracles.map(({ address }) => address);
  await verifier.setConfig(CONTEXT.configDigest, addresses, F, []);
  const native = await ethers.deployContract("WERC20Mock");
  const source = await makeStreams(connection, await proxy.getAddress(), FEED, {
    feeToken: await native.getAddress(),
  });
  return { proxy, verifier, native, source };
}

/** A source over a verifier proxy. */
export function makeStreams(
  { ethers }: Connection,
  proxy: string,
  feed: string,
  { priceExp = 0n, feeToken = ZeroAddress } = {},
): Promise<DataStreams> {
  const arguments_ = [proxy, feed, feeToken, Unit.ETH, Unit.USD, priceExp, MAX_AGE, MAX_AHEAD];
  return ethers.deployContract("DataStreams", arguments_);
}

/** Has the verifier take fees: the real fee manager, paid in native coin. */
export async function takeFees(
  { ethers }: Connection,
  { proxy, native }: Pick<Awaited<ReturnType<typeof deployStreams>>, "proxy" | "native">,
) {
  const link = await ethers.deployContract("WERC20Mock");
  const rewards = await ethers.deployContract("RewardManager", [link]);
  const manager = await ethers.deployContract("FeeManager", [link, native, proxy, rewards]);
  await rewards.setFeeManager(manager);
  await proxy.setFeeManager(manager);
  return manager;
}
