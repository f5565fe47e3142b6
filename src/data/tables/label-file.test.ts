import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { readLabels } from "./label-file.js";
import { writeNpy } from "./npy.js";

const folder = temporaryFolder()("labels");
const written = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe("labels from a file", () => {
  const three = Int32Array.of(0, 1, 2);
  const names = ["cat", "dog", "eel"];
  const read = (path: string) => readLabels(path, three, names);

  it("takes (index, label) pairs of .npy, which change only those", async () => {
    const path = written("noisy_idx_labels.npy", writeNpy(Int32Array.of(2, 0, 1, 1), [2, 2]));
    expect(await read(path)).toEqual(Int32Array.of(0, 1, 0));
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
