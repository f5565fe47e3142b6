import { expect, test } from "vitest";
import { rankingCommand } from "./cross-validate-run.js";

const command = "selfadapt issues --pred-probs probs.npy --data photos";

test.each([
  [{ data: "photos" }, command],
  [{ data: "photos", noise: "none", limitTrain: null }, command],
  [{ data: "photos", labels: "my labels.csv" }, `${command} --labels 'my labels.csv'`],
  [
    { data: "photos", labelColumn: "truth", trainDir: "training" },
    `${command} --label-column truth --train-dir training`,
  ],
  [{ data: "photos", testFraction: 0.2 }, null],
  [{ data: "photos", noise: "symmetric:0.4" }, null],
  [{ data: "photos", limitTrain: 100 }, null],
])("after %j the advice is %s", (recipe, expected) => {
  expect(rankingCommand(recipe, "probs.npy")).toBe(expected);
});
