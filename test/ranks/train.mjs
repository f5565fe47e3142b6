// One rank of several: trains every recipe of the arguments, one after the other; prints what failed.
import { join } from "node:path";
import { createModel, train } from "../../dist/index.js";
import { distributed, manualSeed } from "../../dist/torch/index.js";

const recipes = JSON.parse(process.argv[2]);
const group = await distributed.openGroup(distributed.ranksFrom(), { timeoutMs: 60_000 });
for (const [name, recipe] of Object.entries(recipes)) {
  try {
    const options = { out: join(process.cwd(), name), group };
    if (name !== "linear") await train(recipe, options);
    else {
      // Without batch norm, so that a sample's gradient does not depend on its share.
      manualSeed(0);
      const model = createModel("mlp", { features: 3 * 8 * 8, hidden: [], classes: 2 });
      await train({ ...recipe, model: undefined, width: undefined }, { ...options, model });
    }
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
await group.barrier();
group.close();
