// Trains in a process of its own, which a test kills: `node train-child.mjs RUN RESUME RECIPE DATA`; says every event.
import { shapesDataSet, train } from "../../dist/index.js";

const [out, resume, recipe, data] = process.argv.slice(2);
await train(JSON.parse(recipe), {
  out,
  resume: resume === "true",
  dataSet: shapesDataSet(JSON.parse(data)),
  listeners: [({ type }) => process.stdout.write(`${type}\n`)],
});
