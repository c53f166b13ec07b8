import { createPublicKey } from "node:crypto";

import { concat } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { checkChain, checkKeys, connect } from "../lib/connection.ts";
import { readText } from "../lib/files.ts";
import { obey, usualRule } from "../lib/finality.ts";
import { p256PointOf } from "../lib/guardian/pem.ts";
import { told } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { signerAmong } from "../lib/signers.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments {
  readonly rpc: string | undefined;
  readonly from: string;
  readonly kind: string | undefined;
  readonly key: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** OpenZeppelin's contracts that check signatures of keys which have no address. */
const VERIFIERS: ReadonlyMap<string, string> = new Map([
  ["p256", "ERC7913P256Verifier"],
  ["passkey", "ERC7913WebAuthnVerifier"],
]);

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  told(args.json, async () => {
    const kinds = [...VERIFIERS.keys()].join(" or ");
    const kind = required("--kind", args.kind, `the kind of the key: ${kinds}`);
    const name = VERIFIERS.get(kind);
    if (name === undefined) throw new UsageError(`--kind: "${kind}" is not ${kinds}.`);
    const point = args.key === undefined ? undefined : await pointIn(args.key);
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const connection = await connect({ rpc: args.rpc }, hre, true);
    try {
      await checkKeys(connection);
      const { ethers } = connection;
      const { chainId } = await ethers.provider.getNetwork();
      checkChain(args, hre, chainId);
      obey(ethers.provider, usualRule(chainId));
      const actor = signerAmong(await ethers.getSigners(), "--from", args.from);
      const factory = await ethers.getContractFactory(name, actor);
      if (args.dryRun) {
        const gas = await actor.estimateGas(await factory.getDeployTransaction());
        const text = `Would deploy ${name} from ${actor.address} with ${gas} gas.`;
        return { json: { contract: name, from: actor.address, gas, dryRun: true }, text };
      }
      const contract = await factory.deploy();
      const sent = contract.deploymentTransaction();
      if (sent === null) throw new Error(`${name} was not sent`);
      const receipt = await mined(sent);
      const verifier = await contract.getAddress();
      const signer = point === undefined ? undefined : concat([verifier, point]);
      const how =
        signer === undefined
          ? `A signer of the guardian is this address and the key's point behind it, 64 bytes.`
          : `The signer is ${signer}: for --guardians of deploy, or add-signer of guardian:propose.`;
      return {
        json: { contract: name, verifier, signer: signer ?? null, transaction: minedJson(receipt) },
        text: `${name} is at ${verifier}.\n${how}\n${minedText(receipt)}`,
      };
    } finally {
      await connection.close();
    }
  });

async function pointIn(path: string): Promise<string> {
  const pem = await readText("--key", path);
  return p256PointOf("--key", path, () => createPublicKey(pem));
}
