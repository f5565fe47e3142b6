import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { writeNpy } from "./npy.js";
import { readPinned } from "./pinned-file.js";

const folder = temporaryFolder()("pinned");
const written = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const names = ["cat", "dog"];
const labels = Int32Array.of(0, 1, 0, 1);
const files = ["cat/a.png", "dog/b.png", "cat/c.png", "dog/d.png"];
const otherFiles = ["test/e.png"];

const read = async (path: string, samples = { labels }) =>
  (await readPinned(path, samples, names)).map(({ index, label }) => [index, label]);

describe("confirmed samples in a file", () => {
  it("are indices, alone or with labels, in .npy", async () => {
    expect(await read(written("a.npy", writeNpy(Int32Array.of(3, 0))))).toEqual([
      [0, -1],
      [3, -1],
    ]);
    expect(await read(written("b.npy", writeNpy(Int32Array.of(3, 0, 1, 1), [2, 2])))).toEqual([
      [1, 1],
      [3, 0],
    ]);
  });

  it("are indices in a table or a plain list, with labels by name or number", async () => {
    expect(await read(written("a.csv", "index\n2\n0\n"))).toEqual([
      [0, -1],
      [2, -1],
    ]);
    expect(await read(written("a.txt", "2\n0\n"))).toEqual([
      [0, -1],
      [2, -1],
    ]);
    expect(await read(written("b.csv", "index,label\n2,dog\n0,\n"))).toEqual([
      [0, -1],
      [2, 1],
    ]);
    expect(await read(written("c.csv", "index,label\n2,1\n"))).toEqual([[2, 1]]);
    expect(await read(written("d.csv", "index,label\n"))).toEqual([]);
  });

  it("are files, those of other parts passed over", async () => {
    const path = written("f.csv", "file,label\n../photos/cat/c.png,dog\nb.png,\ntest/e.png,cat\n");
    expect(await read(path, { labels, files, otherFiles } as never)).toEqual([
      [1, -1],
      [2, 1],
    ]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["r1.csv", "index\n4\n", "row 1: index 4 is out of range; expected 0 to 3"],
    ["r2.csv", "index\n1\n1\n", "row 2: index 1 was given before"],
    ["r3.csv", "index,label\n1,owl\n", 'row 1: label "owl" is no class; expected one of cat, dog'],
    ["r4.csv", "index,label\n1,7\n", "label 7 is out of range; expected 0 to 1"],
    ["r5.csv", "name,age\nx,1\n", 'no column names the samples ("name", "age"); expected index'],
    ["r6.npy", writeNpy(Float32Array.of(1)), "floats; expected integers (m), indices, or (m, 2): index, label"],
    ["r7.npy", writeNpy(Int32Array.of(1, 2, 3), [1, 3]), "shape (1, 3); expected integers"],
  ])("are refused in %s", async (name, content, message) => {
    const reading = read(written(name, content));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });
});
