import { utimesSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { reviewFile } from "../../../review/index.js";
import { createReviewLogs } from "./review-logs.js";

const folder = temporaryFolder();

it("has the verdicts of a file that was edited in place, whose size is as before", () => {
  const run = folder("edited");
  const logs = createReviewLogs();
  const labelAfter = (label: string, seconds: number) => {
    writeFileSync(reviewFile(run), `${JSON.stringify({ samples: [3], verdict: "relabel", label })}\n`);
    utimesSync(reviewFile(run), seconds, seconds);
    return logs.state(run).decisions("train", "me").get(3)?.label;
  };
  expect([labelAfter("cat", 1), labelAfter("dog", 2)]).toEqual(["cat", "dog"]);
});
