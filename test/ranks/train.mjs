// One rank of several: trains every recipe of the arguments, one after the other; prints what failed.
import { join } from "node:path";
import { train } from "../../dist/index.js";
import { distributed } from "../../dist/torch/index.js";

const [recipes, options = {}] = JSON.parse(process.argv[2]);
const group = await distributed.openGroup(distributed.ranksFrom(), { timeoutMs: 60_000 });
for (const [name, recipe] of Object.entries(recipes)) {
  try {
    await train(recipe, { ...options, out: join(process.cwd(), name), group });
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
await group.barrier();
group.close();
