// Mocha's spec reporter, which also writes how many tests passed, failed and were skipped to the
// file named by CERTUS_TEST_COUNTS. CommonJS because Mocha loads reporters with `require`.
"use strict";

const { writeFileSync } = require("node:fs");
const { Spec } = require("mocha").reporters;

module.exports = class CountReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    const path = process.env.CERTUS_TEST_COUNTS;
    if (path === undefined) return;
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(path, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
