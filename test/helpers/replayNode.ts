import { network } from "hardhat";

import { GAS, START } from "../fixtures/connection.ts";
import type { Connection } from "../fixtures/connection.ts";

/** A node that other processes reach, and a connection to it. */
export interface ReplayNode {
  readonly url: string;
  readonly connection: Connection;
  readonly close: () => Promise<void>;
}

/** Starts what `hardhat node` starts, at the time of the fixtures. */
export async function startReplayNode(): Promise<ReplayNode> {
  const initialDate = new Date(Number(START) * 1_000);
  const server = await network.createServer({ override: { initialDate } }, "127.0.0.1");
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const connection = await network.create({
    network: "localhost",
    override: { url, gas: GAS, chainId: 31_337 },
  });
  const close = async (): Promise<void> => {
    await connection.close();
    await server.close();
  };
  return { url, connection, close };
}
