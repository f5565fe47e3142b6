// One rank of several: evaluates, attacks and probes a run; prints the figures.
import { attackRun, evaluateRun, probeRun } from "../../dist/index.js";
import { distributed } from "../../dist/torch/index.js";

const { run, evaluate, attack, probe } = JSON.parse(process.argv[2]);
const group = await distributed.openGroup(distributed.ranksFrom(), { timeoutMs: 60_000 });
const evaluated = await evaluateRun(run, { ...evaluate, group });
const { result: attacked, folder } = await attackRun(run, { ...attack, group });
const probed = await probeRun(run, { ...probe, group });
await group.barrier();
group.close();
console.log(JSON.stringify({ evaluated, attacked, folder, probed }));
