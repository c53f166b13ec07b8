// Fails the file during which a promise was rejected that nobody waited for. Mocha's processes, one a file, end without a word of
// it otherwise: each tells its results and is stopped. CommonJS because Mocha loads what it requires with `require`.
"use strict";

const { setImmediate } = require("node:timers/promises");

const loose = [];

process.on("unhandledRejection", (reason) => loose.push(reason));

exports.mochaHooks = {
  async afterAll() {
    // Node tells of a rejection once the microtasks of its turn are done.
    await setImmediate();
    const reasons = loose.splice(0).map(String);
    if (reasons.length > 0)
      throw new Error(`rejected, and nobody waited for it: ${reasons.join("; ")}`);
  },
};
