import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { readLabels } from "./labels.js";
import { applyNoise, parseNoise } from "./noise.js";
import { writeNpy } from "./npy.js";

const folder = mkdtempSync(join(tmpdir(), "noise-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const labels = Int32Array.from({ length: 10_000 }, (_, i) => i % 10);
const pairsOf = (flat: Int32Array) =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);

describe("parseNoise", () => {
  it("reads each kind", () => {
    expect(parseNoise("none")).toEqual({ kind: "none" });
    expect(parseNoise("symmetric:0.4")).toEqual({ kind: "symmetric", rate: 0.4 });
    expect(parseNoise("file:a:b/c.npy")).toEqual({ kind: "file", path: "a:b/c.npy" });
  });

  it("refuses other kinds and rates outside [0, 1], saying what was received", () => {
    for (const text of ["symmetric:1.01", "symmetric:-0.1", "symmetric:x", "symmetric:", "symmetric"]) {
      expect(() => parseNoise(text)).toThrow(InputError);
      expect(() => parseNoise(text)).toThrow(`noise rate "${text.split(":")[1] ?? ""}" is out of range`);
    }
    for (const text of ["asymetric:0.4", "file:", "file", "", "none:1"]) {
      expect(() => parseNoise(text)).toThrow(`noise "${text}" is unknown`);
    }
  });
});

describe("symmetric noise", () => {
  const noisy = (rate: number, seed = 0) => applyNoise({ labels, classes, spec: { kind: "symmetric", rate }, seed });

  it("redraws floor(rate n) labels over all classes, so that rate (1 - 1/C) of all end wrong", async () => {
    const { changed } = await noisy(0.4);
    expect(Math.abs(changed.length / 2 - 3600)).toBeLessThan(80);
    const everything = await noisy(1);
    expect(Math.abs(everything.changed.length / 2 - 9000)).toBeLessThan(120);
    const counts = new Int32Array(10);
    for (const label of everything.labels) counts[label]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it("lists exactly the labels that differ, and leaves the labels given alone", async () => {
    const before = labels.slice();
    const { labels: after, changed } = await noisy(0.3);
    const differing = [...after.keys()].filter((i) => after[i] !== labels[i]).map((i) => [i, after[i]!]);
    expect(pairsOf(changed)).toEqual(differing);
    expect(labels).toEqual(before);
  });

  it("rounds down, and keeps everything at rate 0 and with no noise", async () => {
    const few = { labels: new Int32Array(3), classes, seed: 1 };
    expect((await applyNoise({ ...few, spec: { kind: "symmetric", rate: 0.33 } })).changed).toHaveLength(0);
    expect((await noisy(0)).labels).toEqual(labels);
    expect((await applyNoise({ ...few, spec: { kind: "none" } })).labels).toEqual(few.labels);
  });

  it("depends on the seed alone", async () => {
    expect((await noisy(0.4, 5)).labels).toEqual((await noisy(0.4, 5)).labels);
    expect((await noisy(0.4, 5)).labels).not.toEqual((await noisy(0.4, 6)).labels);
  });

  it("refuses a rate outside [0, 1] from a library's caller too", async () => {
    await expect(noisy(1.5)).rejects.toThrow('noise rate "1.5" is out of range');
    await expect(noisy(Number.NaN)).rejects.toThrow(InputError);
  });
});

describe("labels from a file", () => {
  const three = Int32Array.of(0, 1, 2);
  const names = ["cat", "dog", "eel"];
  const read = (path: string) => readLabels(path, three, names);

  it("takes (index, label) pairs of .npy, which change only those", async () => {
    const path = written("noisy_idx_labels.npy", writeNpy(Int32Array.of(2, 0, 1, 1), [2, 2]));
    const noisy = await applyNoise({ labels: three, classes: names, spec: { kind: "file", path }, seed: 0 });
    expect(noisy).toEqual({ labels: Int32Array.of(0, 1, 0), changed: Int32Array.of(2, 0) });
  });

  it("takes n integers of .npy, in a row or a column", async () => {
    expect(await read(written("a.npy", writeNpy(Int32Array.of(2, 1, 0))))).toEqual(Int32Array.of(2, 1, 0));
    expect(await read(written("b.npy", writeNpy(Uint8Array.of(2, 1, 0), [3, 1])))).toEqual(Int32Array.of(2, 1, 0));
  });

  it("takes .csv with a label column, names or numbers, and with an index column in any order", async () => {
    expect(await read(written("a.csv", "file,Label\nx,eel\ny,0\nz,dog\n"))).toEqual(Int32Array.of(2, 0, 1));
    expect(await read(written("b.csv", "\ufeffindex,label\r\n2,cat\r\n0,1\r\n"))).toEqual(Int32Array.of(1, 1, 0));
  });

  it("reads a number as a class's name where classes are named by numbers", async () => {
    const path = written("n.csv", "label\n7\n3\n");
    expect(await readLabels(path, Int32Array.of(0, 0), ["3", "7"])).toEqual(Int32Array.of(1, 0));
    await expect(readLabels(written("m.csv", "label\n3\n1\n"), Int32Array.of(0, 0), ["3", "7"])).rejects.toThrow(
      'm.csv, row 2: label "1" is no class; expected one of 3, 7',
    );
  });

  it.each([
    ["p.npy", writeNpy(Int32Array.of(0, 1, 3, 0), [2, 2]), "p.npy, row 1: index 3 is out of range; expected 0 to 2"],
    ["q.npy", writeNpy(Int32Array.of(0, 1, -1, 0), [2, 2]), "row 1: index -1 is out of range"],
    ["r.npy", writeNpy(Int32Array.of(0, 3), [1, 2]), "row 0: label 3 is out of range; expected 0 to 2"],
    ["s.npy", writeNpy(Int32Array.of(0, 1)), "shape (2); expected 3 labels"],
    ["t.npy", writeNpy(Float32Array.of(0, 1, 2)), "labels are floats; expected integers"],
    ["u.npy", writeNpy(Int32Array.of(1, 1, 1, 2), [2, 2]), "row 1: index 1 was given before, in"],
    ["a.csv", "index,label\n9,cat", "a.csv, row 1: index 9 is out of range"],
    ["b.csv", "index,label\n1.5,cat", 'row 1: index "1.5" is no whole number'],
    ["c.csv", "label\ncat\ndog\nemu", 'row 3: label "emu" is no class; expected one of cat, dog, eel, or 0 to 2'],
    ["d.csv", "label\ncat", "1 labels; expected 3"],
    ["e.csv", "name\ncat", 'columns name; expected "label"'],
    ["f.csv", "", "no rows found"],
    ["g.csv", 'label\n"cat\n', "not a table that can be read"],
  ])("refuses %s in one line that names the row", async (name, content, message) => {
    const error = await read(written(name, content)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("names a file that is not there", async () => {
    await expect(read(join(folder, "none.npy"))).rejects.toThrow("there is no such file");
    await expect(read(join(folder, "none.csv"))).rejects.toThrow(InputError);
  });
});
