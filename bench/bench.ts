import hre from "hardhat";
if (!process.argv.includes("--no-compile")) await hre.tasks.getTask("build").run({ quiet: true });
const { Chain } = await import("./lib/chain.ts");
const { setTheScene } = await import("./lib/scene.ts");
const { OPERATIONS } = await import("./lib/operations.ts");
const chain = await Chain.start();
try {
  const scenes = await setTheScene(chain);
  for (const o of OPERATIONS) {
    const gas = await chain.isolated(() => o.run(scenes.certus));
    const floor = await chain.isolated(() => o.run(scenes.floor));
    console.log(
      o.op.padEnd(46),
      String(gas).padStart(8),
      String(o.target ?? "").padStart(8),
      String(floor).padStart(8),
      (Number(gas) / Number(floor)).toFixed(2),
      o.target !== undefined && gas > o.target ? `+${gas - o.target}` : "",
    );
  }
} finally {
  await chain.close();
}
