import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  // Only what tools write; every file of ours is linted.
  globalIgnores([
    "artifacts",
    "cache",
    "types",
    "coverage",
    "out",
    "deploy/deployments",
    "packages/*/dist",
    "packages/contracts/src/generated",
  ]),
  {
    files: ["**/*.ts"],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // An assertion or a transaction nobody waits for passes whatever it finds.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Hooks and fixtures are async by their type, whether or not they wait for anything.
      "@typescript-eslint/require-await": "off",
      eqeqeq: "error",
    },
  },
  {
    // The model is a function of its arguments: no clock, no chance, no input or output, one
    // dependency.
    files: ["packages/model/src/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: "^(?!\\.|@noble/hashes/)" }] }],
      "no-restricted-globals": [
        "error",
        "Buffer",
        "Date",
        "console",
        "crypto",
        "fetch",
        "performance",
        "process",
        "setImmediate",
        "setInterval",
        "setTimeout",
      ],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [js.configs.recommended],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { module: "writable", require: "readonly" },
    },
  },
  {
    files: ["test/**/*.ts", "packages/*/test/**/*.ts"],
    rules: {
      // Mocha takes the promise of the callback it is given; the rule still sees every call inside
      // it.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
    },
  },
);
