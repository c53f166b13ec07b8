import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { act, operation, send } from "../fixtures/guardian.ts";
import { safeSends } from "../fixtures/safe.ts";
import { DAY, HOUR, Level } from "../fixtures/units.ts";
import { callOf } from "../helpers/defenders/fuzz.ts";
import { at, leave, scenesOf, told } from "../helpers/defenders/scene.ts";

const connection = await connect();
const { ethers } = connection;

const opened = scenesOf(connection);

describe("Attack", () => {
  describe("zero day", () => {
    it("ends with a halt that was signed beforehand and retirement at once, and everybody leaves", async () => {
      const scene = await opened();
      const { stage } = scene;
      const { breaker, guardian, ledger, linear, safe } = stage;
      const halt = callOf(breaker, "impose", [linear, Level.Halted, 6n * HOUR]);
      const { entryPoint, address, keys } = guardian;
      // A nonce key of its own: what the guardian does meanwhile does not use it up.
      const nonce = await entryPoint.getNonce(address, 7n);
      const calls = [{ target: halt.to, data: halt.data }];
      const kept = await operation(guardian, calls, [keys.p256, keys.passkey], { nonce });
      await act(guardian, { target: stage.maker.address, data: "0x" });
      await at(scene, stage.begins + DAY);
      expect(await told(scene)).to.equal(undefined);

      await send(guardian, kept);
      expect(await told(scene)).to.equal("MarketHalted");
      await safeSends(safe, callOf(ledger, "retire", [linear]));
      await scene.owners.everyday(true);
      await at(scene, stage.begins + DAY + 7n * HOUR);
      // The halt is over; retirement is not.
      expect(await told(scene)).to.equal("RiskRestricted");
      await leave(scene, false);
      const { retired, level } = await ledger.guardOf(linear);
      expect([retired, level]).to.deep.equal([true, Level.Halted]);
      await expect(send(guardian, kept)).to.be.revert(ethers);
    });
  });
});
