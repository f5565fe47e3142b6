// Appends verdicts to a run's review.jsonl as fast as it can: `node review-child.mjs RUN REVIEWER COUNT`. Prints a line per verdict
// once it is on the disk.
import { appendReview } from "../../dist/review/index.js";

const [, , run = "", reviewer = "", count = "0"] = process.argv;
for (let sample = 0; sample < Number(count); sample++) {
  appendReview(run, { kind: "verdict", samples: [sample], verdict: "right", reviewer });
  process.stdout.write(`${sample}\n`);
}
