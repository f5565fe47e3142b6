import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { writeNpy } from "../../../data/index.js";
import { readLabeledProbabilities } from "./labeled-probabilities.js";

const folder = temporaryFolder();
const uniform = (samples: number, classes: number) =>
  writeNpy(new Float32Array(samples * classes).fill(1 / classes), [samples, classes]);

it.each([
  ["the last class", [0, 1, 0, 1]],
  ["the first class", [1, 2, 1, 2]],
  ["a class between others", [0, 2, 0, 2]],
])("probabilities have a column for %s without a sample", async (name, labels) => {
  const path = folder(name, {
    "p.npy": uniform(4, 4),
    "labels.csv": `label\n${labels.join("\n")}\n`,
    "data/x.npy": writeNpy(Float32Array.of(1, 2, 3, 4), [4, 1]),
    "data/y.npy": writeNpy(Int32Array.from(labels)),
  });
  const source = { probabilities: join(path, "p.npy"), data: undefined, format: undefined, labels: undefined };
  for (const given of [{ labels: join(path, "labels.csv") }, { data: join(path, "data") }]) {
    const { classes, train } = await readLabeledProbabilities({ ...source, ...given });
    expect(classes).toEqual(["0", "1", "2", "3"]);
    expect(train.labels).toEqual(Int32Array.from(labels));
  }
});

it("probabilities of fewer classes than the labels have are refused", async () => {
  const path = folder("few", { "p.npy": uniform(3, 2), "labels.csv": "label\n0\n1\n2\n" });
  const source = { probabilities: join(path, "p.npy"), data: undefined, format: undefined };
  await expect(readLabeledProbabilities({ ...source, labels: join(path, "labels.csv") })).rejects.toThrow(
    "received shape (3, 2); expected (3, 3)",
  );
});
