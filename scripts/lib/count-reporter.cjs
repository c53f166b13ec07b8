// Mocha's spec reporter, which also writes how many tests passed, failed and were skipped to the
// file named by CERTUS_TEST_COUNTS, and ends a run that something left open would keep alive for ever. CommonJS because
// Mocha loads reporters with `require`.
"use strict";

const { writeFileSync } = require("node:fs");
const { setTimeout } = require("node:timers");
const { Spec } = require("mocha").reporters;

const PATIENCE_MS = 10_000;

/** Ends the process if it has not ended by itself, and names what kept it. */
function endIfKeptAlive(code) {
  const timer = setTimeout(() => {
    console.error(
      `after its tests the process was kept alive by ${process.getActiveResourcesInfo()}`,
    );
    process.exit(code);
  }, PATIENCE_MS);
  // A timer that keeps nothing alive: it fires only where something else does.
  timer.unref();
}

module.exports = class CountReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    const path = process.env.CERTUS_TEST_COUNTS;
    if (path === undefined) return;
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(path, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      endIfKeptAlive(failures === 0 ? 0 : 1);
    });
  }
};
