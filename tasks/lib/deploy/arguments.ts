/** What `deploy` takes. */
export interface DeployArguments {
  readonly rpc: string | undefined;
  readonly from: string;
  readonly deployments: string | undefined;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly reset: boolean;
  readonly verify: boolean;
  readonly noCompile: boolean;
  readonly finality: string | undefined;
  readonly solo: boolean;
  readonly safe: string | undefined;
  readonly owners: string | undefined;
  readonly threshold: string | undefined;
  readonly steward: string | undefined;
  readonly guardians: string | undefined;
  readonly guardianThreshold: string | undefined;
  readonly ownSigners: string | undefined;
}

/** Options that say who governs, with the variables of the environment that stand for them. */
export const SETTINGS = {
  safe: "CERTUS_SAFE",
  owners: "CERTUS_OWNERS",
  threshold: "CERTUS_THRESHOLD",
  steward: "CERTUS_STEWARD",
  guardians: "CERTUS_GUARDIANS",
  guardianThreshold: "CERTUS_GUARDIAN_THRESHOLD",
  ownSigners: "CERTUS_OWN_SIGNERS",
} as const;

/** Name of one of them. */
export type Setting = keyof typeof SETTINGS;

/** An option as it is typed: `guardianThreshold` is `--guardian-threshold`. */
export function typed(setting: Setting): string {
  return `--${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What options say, or else the environment; nothing where neither says anything. */
export function settingsOf(
  args: DeployArguments,
  environment: NodeJS.ProcessEnv,
): Readonly<Record<Setting, string | undefined>> {
  const names = Object.keys(SETTINGS) as Setting[];
  const pairs = names.map((name) => {
    const given = args[name] ?? environment[SETTINGS[name]];
    return [name, given === "" ? undefined : given] as const;
  });
  return Object.fromEntries(pairs) as Record<Setting, string | undefined>;
}
