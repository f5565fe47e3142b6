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
  const read = async (path: string) => (await readLabels(path, { labels: three }, names)).labels;

  it("takes (index, label) pairs of .npy, which change only those", async () => {
    const path = written("noisy_idx_labels.npy", writeNpy(Int32Array.of(2, 0, 1, 1), [2, 2]));
    expect(await read(path)).toEqual(Int32Array.of(0, 1, 0));
  });

  it("takes n integers of .npy, in a row or a column", async () => {
    expect(await read(written("a.npy", writeNpy(Int32Array.of(2, 1, 0))))).toEqual(Int32Array.of(2, 1, 0));
    expect(await read(written("b.npy", writeNpy(Uint8Array.of(2, 1, 0), [3, 1])))).toEqual(Int32Array.of(2, 1, 0));
  });

  it("takes a table with labels alone, names or numbers, and with an index column in any order", async () => {
    expect(await read(written("a.csv", "Label\neel\ncat\ndog\n"))).toEqual(Int32Array.of(2, 0, 1));
    expect(await read(written("b.csv", "\ufeffindex,label\r\n2,0\r\n0,1\r\n"))).toEqual(Int32Array.of(1, 1, 0));
    const { notes } = await readLabels(join(folder, "b.csv"), { labels: three }, names);
    expect(notes.map((note) => note.slice(folder.length + 1))).toEqual([
      "b.csv: labels are class numbers, in the order cat, dog, eel",
      "b.csv: labels for 2 of 3 samples; the other 1 keep theirs",
    ]);
  });

  it("takes an empty line of a table of one column for a missing label", async () => {
    const read = (text: string) =>
      readLabels(written("gaps.csv", text), { labels: three }, names, { canLeaveOut: true });
    expect((await read("label\neel\n\ndog\n\n")).labels).toEqual(Int32Array.of(2, -1, 1));
    await expect(read("label\neel\n\ncat\ndog\n")).rejects.toThrow("4 labels; expected 3, one a sample");
  });

  it("leaves out samples with an empty label or -1 where that is allowed", async () => {
    const leaving = async (path: string) =>
      Array.from((await readLabels(path, { labels: three }, names, { canLeaveOut: true })).labels);
    expect(await leaving(written("left.csv", "index,label\n0,\n1,eel\n"))).toEqual([-1, 2, 2]);
    expect(await leaving(written("left-numbers.csv", "index,label\n0,\n1,2\n"))).toEqual([-1, 2, 2]);
    expect(await leaving(written("left.npy", writeNpy(Int32Array.of(-1, 1, 0))))).toEqual([-1, 1, 0]);
    await expect(read(join(folder, "left.csv"))).rejects.toThrow('left.csv, row 1: label "" is no class');
    await expect(read(join(folder, "left.npy"))).rejects.toThrow("label -1 is out of range; expected 0 to 2");
  });

  it("reads a number as a class's name where classes are named by numbers", async () => {
    const labels = Int32Array.of(0, 0);
    const named = async (path: string) => (await readLabels(path, { labels }, ["3", "7"])).labels;
    expect(await named(written("n.csv", "label\n7\n3\n"))).toEqual(Int32Array.of(1, 0));
    expect(await named(written("n.npy", writeNpy(Int32Array.of(7, 3))))).toEqual(Int32Array.of(1, 0));
    await expect(named(written("m.csv", "label\n3\n1\n"))).rejects.toThrow(
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
    ["c.csv", "label\ncat\ndog\nemu", 'row 3: label "emu" is no class; expected one of cat, dog, eel, or numbers'],
    ["d.csv", "label\ncat", "1 labels; expected 3"],
    ["e.csv", "a,b\ncat,dog", 'the columns are "a", "b", and none is named label; expected one, or `labelColumn'],
    [
      "h.csv",
      "file,label\nx,cat\ny,cat\nz,cat",
      'column "file" names the samples, but this data is not a set of files',
    ],
    [
      "i.csv",
      "uuid,label\nx,cat\ny,cat\nz,cat",
      'no column says which sample a row is for ("uuid"); expected file or index',
    ],
    [
      "j.csv",
      "label\ncat\n1\ndog",
      'row 2: label "1" is no class; expected one of cat, dog, eel, or numbers in every row',
    ],
    ["k.csv", "index,label\n1,cat\n1,dog", "row 2: index 1 was given before, in"],
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

describe("labels by file", () => {
  const files = ["cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/3.png", "caf\u00e9/4.jpg"];
  const labels = Int32Array.of(0, 0, 1, 1, 2);
  const names = ["cat", "dog", "caf\u00e9"];
  const read = (name: string, text: string, otherFiles: string[] = []) =>
    readLabels(written(name, text), { labels, files, otherFiles }, names);

  it.each([
    ["file", "file,label\ndog/3.png,cat\ncat/1.jpg,dog\n"],
    ["image", "label,image\ncat,./dog/3.png\ndog,photos/cat/1.jpg\n"],
    ["id", "id,breed\n3,cat\ncat/1,dog\n"],
    ["path", "path;category\nC:\\photos\\dog\\3.png;cat\ncat\\1.jpg;dog\n"],
    ["where", "where,label\ndog/3.png,cat\ncat/1.jpg,dog\n"],
  ])("are matched by the column %s, in any order, with or without folders and endings", async (column, text) => {
    const { labels: read_, notes } = await read("by-file.csv", text);
    expect(read_).toEqual(Int32Array.of(1, 0, 1, 0, 2));
    if (column !== "file") expect(notes.join()).toContain(`column "${column}" is the file`);
    expect(notes.at(-1)).toContain("labels for 2 of 5 samples; the other 3 keep theirs");
  });

  it("are matched whatever Unicode form a name is in", async () => {
    const text = `file,label\n${"caf\u00e9/4.jpg".normalize("NFD")},cat\ncat/1.jpg,${"caf\u00e9".normalize("NFD")}\n`;
    expect((await read("nfd.csv", text)).labels).toEqual(Int32Array.of(2, 0, 1, 1, 0));
  });

  it("pass over files of the data set that are not trained on", async () => {
    const { labels: read_ } = await read("other.csv", "file,label\ntest/9.jpg,cat\n3.png,cat\n", ["test/9.jpg"]);
    expect(read_).toEqual(Int32Array.of(0, 0, 1, 0, 2));
    await expect(read("only.csv", "file,label\ntest/9.jpg,cat\n", ["test/9.jpg"])).rejects.toThrow(
      "none of its 1 rows is for a training sample",
    );
  });

  it.each([
    ["unknown", "file,label\ncat/1.jpg,dog\ncat/9.jpg,dog\n", 'row 2: file "cat/9.jpg" is not in the data set'],
    ["in another folder", "file,label\ndog/2.jpg,dog\n", 'row 1: file "dog/2.jpg" is not in the data set'],
    ["of another ending", "file,label\ncat/1.png,dog\n", 'row 1: file "cat/1.png" is not in the data set'],
    ["ambiguous", "file,label\n1.jpg,dog\n", 'row 1: file "1.jpg" fits 2 files of the data set'],
    ["given twice", "file,label\ncat/2.jpg,dog\n2.jpg,cat\n", "row 2: index 1 was given before, in"],
    ["a misspelt option", "file,label\ncat/2.jpg,dog\n", "`fileColumn: fyle`"],
  ])("are refused where a file is %s", async (name, text, message) => {
    const options = name === "a misspelt option" ? { fileColumn: "fyle" } : {};
    const path = written(`${name}.csv`, text);
    await expect(readLabels(path, { labels, files }, names, options)).rejects.toThrow(message);
  });
});
