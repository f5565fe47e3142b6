// One rank of several: trains every recipe of the arguments, one after the other, in a folder of its name, which may be unseen by this
// rank; prints what failed.
import { join } from "node:path";
import { createModel, train } from "../../dist/index.js";
import { distributed, manualSeed } from "../../dist/torch/index.js";

const recipes = JSON.parse(process.argv[2]);
const group = await distributed.openGroup(distributed.ranksFrom(), { timeoutMs: 60_000 });
for (const [name, { linear, resume, unseen, ...recipe }] of Object.entries(recipes)) {
  try {
    const options = { out: unseen ? undefined : join(process.cwd(), name), resume, group };
    if (linear === undefined) await train(recipe, options);
    else {
      manualSeed(0);
      await train(recipe, { ...options, model: createModel("mlp", linear) });
    }
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
await group.barrier();
group.close();
