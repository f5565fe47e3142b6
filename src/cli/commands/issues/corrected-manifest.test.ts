import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { photos } from "../../../../test/support/small-data.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { correctedManifest } from "./corrected-manifest.js";

const folder = temporaryFolder();
const out = folder("out");

/** A set of class folders with a test set, of which a run has had the first training samples. */
async function photoSet(classes: readonly string[], limit?: number) {
  const given = Object.entries(await photos(classes, { each: 2 }));
  const files = ["train", "test"].flatMap((part) => given.map(([file, image]) => [`${part}/${file}`, image] as const));
  const path = folder(`${classes.join("-")}-${limit ?? "all"}`, Object.fromEntries(files));
  const { train, test, classes: read } = await readDataSet(path);
  const seen = { labels: train.labels.slice(0, limit), files: train.files!.slice(0, limit) };
  return { path, classes: read, train: seen, test };
}

async function manifestOf(classes: readonly string[], limit?: number, name = "m.csv") {
  const data = await photoSet(classes, limit);
  return correctedManifest({ file: join(out, name), action: "drop", changes: new Map(), data });
}

describe("a corrected manifest", () => {
  it("has none of the samples that the labels left out, unless they are given a label", async () => {
    const [all, changes] = [await photoSet(["cat", "dog"]), new Map([[1, "dog"]])];
    const data = { ...all, leftOut: new Set([1, 2]) };
    const text = correctedManifest({ file: join(out, "m.csv"), action: "relabel", changes, data });
    const rows = text.split("\n").filter((line) => line.endsWith("train"));
    expect(rows.map((line) => line.split(",")[1])).toEqual(["cat", "dog", "dog"]);
  });

  it.each([
    ["words", ["cat", "dog"]],
    ["words and numbers", ["2019", "old"]],
    ["years", ["2019", "2020"]],
    ["numbers that begin with zeros", ["000", "001"]],
    ["numbers with gaps", ["0", "2"]],
    ["the numbers from 1", ["1", "2", "3"]],
    ["the numbers from 0", ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]],
  ])("is read with the classes that there were, where they are %s", async (_, classes) => {
    for (const name of ["m.csv", "m.jsonl"]) {
      folder("out", { [name]: await manifestOf(classes, undefined, name) });
      const { classes: read, train, test } = await readDataSet(join(out, name));
      expect(new Set(read)).toEqual(new Set(classes));
      for (const { files, labels } of [train, test!]) {
        expect(Array.from(labels, (label) => read[label])).toEqual(files!.map((file) => file.split("/").at(-2)));
      }
    }
  });

  it("keeps the validation part of the data", async () => {
    const given = Object.entries(await photos(["cat", "dog"], { each: 2 }));
    const files = ["train", "val", "test"].flatMap((part) => given.map(([file, image]) => [`${part}/${file}`, image]));
    const path = folder("own validation", Object.fromEntries(files));
    const { classes, train, validation, test } = await readDataSet(path);
    const data = { path, classes, train, validation, test };
    folder("out", {
      "v.csv": correctedManifest({ file: join(out, "v.csv"), action: "drop", changes: new Map(), data }),
    });
    const again = await readDataSet(join(out, "v.csv"));
    const held = Array.from(again.validation ?? [], (i) => again.train.files?.[i]?.split("/").at(-3));
    expect(held).toEqual(Array(4).fill("val"));
    expect([again.train.labels.length, again.test?.labels.length]).toEqual([8, 4]);
  });

  it("is refused for a class that train would take for a missing label", async () => {
    const error = await manifestOf(["nan", "owl"]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^\S+m\.csv: train would read the class "nan" as a missing label; /);
  });

  it.each([
    [["cat", "dog", "owl"], "owl"],
    [["0", "1", "2"], "2"],
  ])("is refused where no training sample has a class of the test set: %j", async (classes, lost) => {
    const error = await manifestOf(classes, 4).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(
      new RegExp(
        `^\\S+m\\.csv: no training sample has the class "${lost}" of \\S+/test/${lost}/0\\.png in the test set; `,
      ),
    );
  });

  it("is refused where no sample of a class would be left", async () => {
    const data = await photoSet(["cat", "dog"]);
    const changes = new Map(
      [...data.train.labels.keys()].filter((i) => data.train.labels[i] === 0).map((i) => [i, null]),
    );
    expect(() => correctedManifest({ file: join(out, "m.csv"), action: "drop", changes, data })).toThrow(
      '`drop`: no sample of class "cat" would be left; expected a higher P(wrong)',
    );
  });
});
