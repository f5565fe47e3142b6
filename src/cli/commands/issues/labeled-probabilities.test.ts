import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { writeNpy } from "../../../data/index.js";
import { readLabeledProbabilities } from "./labeled-probabilities.js";

const folder = temporaryFolder();
const nothing = { data: undefined, format: undefined, labels: undefined, classes: undefined, layout: {} };
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
  const source = { ...nothing, probabilities: join(path, "p.npy") };
  for (const given of [{ labels: join(path, "labels.csv") }, { data: join(path, "data") }]) {
    const { classes, train } = await readLabeledProbabilities({ ...source, ...given });
    expect(classes).toEqual(["0", "1", "2", "3"]);
    expect(train.labels).toEqual(Int32Array.from(labels));
  }
});

it("probabilities of fewer classes than the labels have are refused", async () => {
  const path = folder("few", { "p.npy": uniform(3, 2), "labels.csv": "label\n0\n1\n2\n" });
  const source = { ...nothing, probabilities: join(path, "p.npy") };
  await expect(readLabeledProbabilities({ ...source, labels: join(path, "labels.csv") })).rejects.toThrow(
    "received shape (3, 2); expected (3, 3)",
  );
});

const animals = (name: string) =>
  folder(name, {
    "p.npy": uniform(3, 4),
    "labels.csv": "index,breed,checked\n2,dog,yes\n1,cat,no\n0,dog,no\n",
    "names.txt": "eel\ndog\ncat\nape\n",
  });

it.each([["eel,dog,cat,ape"], ["names.txt"]])(
  "columns are the classes that are named, with samples or without: %s",
  async (given) => {
    const path = animals(given);
    const classes = given.endsWith(".txt") ? join(path, given) : given;
    const source = { ...nothing, probabilities: join(path, "p.npy"), labels: join(path, "labels.csv"), classes };
    const read = await readLabeledProbabilities({ ...source, layout: { labelColumn: "breed" } });
    expect(read.classes).toEqual(["eel", "dog", "cat", "ape"]);
    expect(read.train.labels).toEqual(Int32Array.of(1, 2, 1));
  },
);

it.each([
  ["eel,dog,cat", "received 3 names; expected 4, one a column"],
  ["eel,dog,cat,dog", 'received "dog" twice; expected different names'],
  ["eel,dogs,cat,ape", 'the labels have a class "dog"; expected it among the columns\' classes; did you mean "dogs"?'],
  [undefined, "names the columns where some have no sample"],
])("names that do not fit are refused: %s", async (classes, message) => {
  const path = animals(String(classes));
  const source = { ...nothing, probabilities: join(path, "p.npy"), labels: join(path, "labels.csv"), classes };
  await expect(readLabeledProbabilities({ ...source, layout: { labelColumn: "breed" } })).rejects.toThrow(message);
});

it("the order that is taken for granted is logged", async () => {
  const path = folder("granted", { "p.npy": uniform(3, 2), "labels.csv": "label\ndog\ncat\ndog\n" });
  const source = { ...nothing, probabilities: join(path, "p.npy"), labels: join(path, "labels.csv") };
  const { notes } = await readLabeledProbabilities(source);
  expect(notes.join()).toMatch(/the columns are taken for the classes in the order cat, dog; `classes` gives another$/);
});
