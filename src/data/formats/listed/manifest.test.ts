import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { InputError } from "../../../errors.js";
import { readDataSet } from "../../formats.js";
import { readLabels } from "../../tables/label-file.js";

const folder = temporaryFolder();
let path: string;
beforeAll(async () => {
  const create = { width: 8, height: 8, channels: 3 as const, background: "teal" };
  const image = await sharp({ create }).png().toBuffer();
  path = folder("set", { "1.png": image, "in/2.png": image, "3, three.png": image });
});
const read = (name: string, text: string) => {
  folder("set", { [name]: text });
  return readDataSet(join(path, name));
};

describe("manifests", () => {
  it("reads CSV with class names in the rows' order, paths counting from its folder", async () => {
    const text = '\ufeffFile,label\r\nin/2.png,dog\r\n"3, three.png",cat\r\n1.png,dog\r\n';
    const { format, classes, train, test } = await read("a.csv", text);
    expect({ format, classes, test }).toEqual({ format: "manifest", classes: ["cat", "dog"], test: null });
    expect(train).toMatchObject({ files: ["in/2.png", "3, three.png", "1.png"], labels: Int32Array.of(1, 0, 1) });
  });

  it.each([
    ["from 0", "2 0 1", ["0", "1", "2"], [2, 0, 1]],
    ["with a gap", "2 0 0", ["0", "2"], [1, 0, 0]],
    ["from 1", "10 1 2", ["1", "2", "10"], [2, 0, 1]],
    ["years", "2021 2019 2021", ["2019", "2021"], [1, 0, 1]],
    ["product codes", "4006381333931 0 4006381333931", ["0", "4006381333931"], [1, 0, 1]],
    ["with zeros in front", "01 1 02", ["01", "1", "02"].sort(), [0, 2, 1]],
    ["among names", "2 b 2", ["2", "b"], [0, 1, 0]],
  ])("reads numbers %s as names, without classes that no sample has", async (name, labels, classes, numbers) => {
    const files = ["1.png", "in/2.png", "1.png"];
    const rows = labels.split(" ").map((label, i) => `${files[i]},${label}`);
    const data = await read(`numbers ${name}.csv`, `file,label\n${rows.join("\n")}\n`);
    expect(data.classes.toSorted()).toEqual(classes.toSorted());
    const read_ = Array.from(data.train.labels, (label) => data.classes[label]);
    expect(read_).toEqual(labels.split(" "));
    if (name !== "with zeros in front") expect([...data.train.labels]).toEqual(numbers);
  });

  it("keeps apart classes that differ by an accent, whatever the text's encoding", async () => {
    const text = "file,label\n1.png,p\u00eache\nin/2.png,p\u00e8che\n";
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
    const encodings: [string, Uint8Array, RegExp | null][] = [
      ["utf8", Buffer.from(text), null],
      ["utf8-mark", Buffer.from(`\ufeff${text}`), null],
      ["utf16le", utf16, null],
      ["utf16be", Buffer.from(utf16).swap16(), null],
      ["latin1", Buffer.from(text, "latin1"), /latin1\.csv: not UTF-8, read as Windows-1252/],
    ];
    for (const [name, bytes, note] of encodings) {
      folder("set", { [`${name}.csv`]: bytes });
      const { classes, notes } = await readDataSet(join(path, `${name}.csv`));
      expect(classes).toEqual(["p\u00e8che", "p\u00eache"]);
      expect(notes[0] ?? "").toMatch(note ?? /look alike/);
    }
  });

  it("takes one class for a name in both of its Unicode forms, and finds files in both", async () => {
    const file = "caf\u00e9.png";
    folder("set", { [file]: readFileSync(join(path, "1.png")) });
    const text = `file,label\n${file.normalize("NFD")},\u00e9t\u00e9\n1.png,e\u0301te\u0301\nin/2.png,x\n`;
    const { classes, train } = await read("nfc.csv", text);
    expect(classes).toEqual(["x", "\u00e9t\u00e9"]);
    expect(train).toMatchObject({ files: [file, "1.png", "in/2.png"], labels: Int32Array.of(1, 1, 0) });
  });

  it("drops spaces around labels, and names classes that look alike", async () => {
    const { classes, notes } = await read(
      "hygiene.csv",
      'file,label\n1.png,"cat "\nin/2.png,cat\n1.png,Cat\n1.png,dog\n',
    );
    expect(classes).toEqual(["Cat", "cat", "dog"]);
    expect(notes).toContain('classes whose names look alike are kept apart: "Cat" and "cat"');
  });

  it.each([";", "\t", "|"])("finds the delimiter %j", async (delimiter) => {
    const text = 'file,label\n1.png,"a,b"\nin/2.png,c\n'.replaceAll(/,(?!b)/g, delimiter);
    expect((await read("delimited.csv", text)).classes).toEqual(["a,b", "c"]);
  });

  it("takes the delimiter that a spreadsheet states", async () => {
    expect((await read("stated.csv", "sep=;\r\nfile;label\r\n1.png;a\r\nin/2.png;b\r\n")).classes).toEqual(["a", "b"]);
  });

  it.each([
    ["image", "class", "image,class\n1.png,a\nin/2.png,b\n"],
    ["file_name", "breed", "file_name,breed\n1.png,a\nin/2.png,b\n"],
    ["id", "breed", "id,breed\n1,a\n2,b\n"],
    ["shot", "label", "label,shot\na,1.png\nb,in/2.png\n"],
  ])("takes the files from a column %s and the labels from a column %s, and says so", async (file, label, text) => {
    const { classes, train, notes } = await read("columns.csv", text);
    expect(classes).toEqual(["a", "b"]);
    expect(train.files).toEqual(["1.png", "in/2.png"]);
    expect(notes.join("\n")).toContain(`column "${file}" is the file`);
    if (label !== "label") expect(notes.join("\n")).toContain(`column "${label}" is the label`);
  });

  it("takes the columns that the options name, and a table without a header", async () => {
    folder("set", { "wide.csv": "file,thumb,label,kind,fold\n3.png,1.png,x,a,train\n4.png,in/2.png,x,b,train\n" });
    const options = { fileColumn: "thumb", labelColumn: "kind", splitColumn: "fold" };
    const { classes, train } = await readDataSet(join(path, "wide.csv"), options);
    expect({ classes, files: train.files }).toEqual({ classes: ["a", "b"], files: ["1.png", "in/2.png"] });
    await expect(readDataSet(join(path, "wide.csv"), { labelColumn: "kint" })).rejects.toThrow(
      'has no column `labelColumn: kint`; it has "file", "thumb", "label", "kind", "fold"; did you mean "kind"?',
    );
    const plain = await read("plain.csv", "1.png,a\nin/2.png,b\n");
    expect(plain.train.files).toEqual(["1.png", "in/2.png"]);
    expect(plain.notes[0]).toContain("the first row is data, so the table has no header");
  });

  it("reads a JSON array", async () => {
    const text = '[{"file_name": "1.png", "label": 3}, {"file_name": "in/2.png", "label": 5}]';
    expect(await read("a.json", text)).toMatchObject({ classes: ["3", "5"], train: { labels: Int32Array.of(0, 1) } });
  });

  it("takes the split from a column", async () => {
    const text = "label,split,file\na,train,1.png\nb,,in/2.png\nb,TEST,1.png\n";
    const { train, test } = await read("s.csv", text);
    expect(train.files).toEqual(["1.png", "in/2.png"]);
    expect(test).toMatchObject({ files: ["1.png"], labels: Int32Array.of(1) });
  });

  it.each(["val", "valid", "Validation", "dev"])("takes the rows of the split %s for validation", async (split) => {
    const text = `file,label,split\n1.png,a,train\nin/2.png,b,${split}\n1.png,b,train\n1.png,a,test\n`;
    const { train, validation, test } = await read("v.csv", text);
    expect(train).toMatchObject({ files: ["1.png", "in/2.png", "1.png"], labels: Int32Array.of(0, 1, 1) });
    expect(validation).toEqual(Int32Array.of(1));
    expect(test?.files).toEqual(["1.png"]);
  });

  it("sets aside test rows of classes that training lacks, or without a label, and rows to predict", async () => {
    const text = "file,label,split\n1.png,a,\n1.png,b,\n1.png,c,test\n1.png,,test\n1.png,a,test\n1.png,,pred\n";
    const { test, notes } = await read("others.csv", text);
    expect(test?.labels).toEqual(Int32Array.of(0));
    expect(notes).toEqual([
      "left out: rows to predict (1): 1.png",
      "files in several parts, so that accuracy on these parts is too high (1): 1.png (train, test)",
      "files with several labels, all of which are kept (1): 1.png (a, b)",
      'left out: 2 of 3 test samples, of classes that training lacks: "c", no label',
    ]);
  });

  it.each<[string, string, number[], string[]]>([
    ["part", "file,part\n1.png,cat\nin/2.png,dog\n", [0, 1], ['column "part" is the label']],
    [
      "set",
      "file,label,set\n1.png,a,alpha\nin/2.png,b,beta\n",
      [0, 1],
      ['column "set" names no part of the data: not read'],
    ],
    [
      "split",
      "file,label,split\n1.png,a,0\nin/2.png,b,1\n",
      [0, 1],
      ['column "split" names no part of the data: not read'],
    ],
  ])("does not take a column %s for the parts that names none", async (name, text, labels, said) => {
    const { train, notes } = await read(`no-${name}.csv`, text);
    expect([...train.labels]).toEqual(labels);
    expect(notes).toEqual(said.map((line) => `${join(path, `no-${name}.csv`)}: ${line}`));
  });

  it("reads a hundred thousand rows and more", async () => {
    const rows = Array.from({ length: 130_000 }, (_, i) => `1.png,${i === 129_999 ? "" : "a"}\n`);
    await expect(read("many-rows.csv", `file,label\n${rows.join("")}`)).rejects.toThrow(
      "row 130000: the label is empty",
    );
  });

  it("keeps files that are listed again, says so, and gives all their rows the labels of another file", async () => {
    const text = "file,label\n1.png,a\n1.png,a\nin/2.png,b\n";
    const { notes } = await read("again.csv", text);
    expect(notes).toEqual(["files listed more than once, each time a sample (1): 1.png"]);
    folder("set", { "fix.csv": "file,label\n1.png,b\n" });
    const data = await readDataSet(join(path, "again.csv"));
    const { labels } = await readLabels(join(path, "fix.csv"), data.train, data.classes);
    expect([...labels]).toEqual([1, 1, 1]);
  });

  it.each(["", "  "])("reads one JSON object of labels by files", async (indent) => {
    const text = JSON.stringify({ "1.png": "dog", "in/2.png": "cat", "3, three.png": "dog" }, null, indent);
    const { classes, train } = await read("labels.json", text);
    expect(Array.from(train.labels, (label, i) => [train.files?.[i], classes[label]])).toEqual([
      ["1.png", "dog"],
      ["in/2.png", "cat"],
      ["3, three.png", "dog"],
    ]);
  });

  it("reads JSONL with names and with numbers", async () => {
    const text = `{"file":"1.png","label":1}\n\n{"file":${JSON.stringify(join(path, "in/2.png"))},"label":0,"split":"train"}\n`;
    expect((await read("a.jsonl", text)).train.labels).toEqual(Int32Array.of(1, 0));
    const named = await read("b.jsonl", '{"file":"1.png","label":"x"}\n{"file":"1.png","label":"w"}');
    expect(named.classes).toEqual(["w", "x"]);
  });

  it.each([
    [
      "gone.csv",
      "file,label\n1.png,a\nno.png,b\nnor.png,b",
      'gone.csv, row 2: file "no.png" does not exist, nor do 1 more',
    ],
    ["dir.csv", "file,label\nin,a\n1.png,b", 'row 1: file "in" does not exist'],
    [
      "head.csv",
      "what,label\nno picture,a",
      'the columns are "what", "label", and none is named file; expected one, or `fileColumn',
    ],
    [
      "many.csv",
      "file,a,b\n1.png,0,1",
      'the columns are "file", "a", "b", and none is named label; expected one, or `labelColumn',
    ],
    ["twice.csv", "file,label,Label\n1.png,a,b", 'two columns are named "Label"; expected each name once'],
    ["nan.csv", "file,label\n1.png,a\n1.png,NaN", 'row 2: the label is "NaN", which stands for a missing one'],
    ["utf16.csv", "file,label\n1.png,a\0", "holds NUL bytes; expected text saved as UTF-8"],
    ["mark.csv", "\ufeff\ufffd", "no rows found"],
    ["cells.csv", "file,label\n1.png,a,b", "not a table that can be read"],
    ["blank.csv", "file,label\n1.png,a\n1.png,", "row 2: the label is empty"],
    ["none.csv", "file,label\n", "no rows found"],
    ["split.csv", "file,label,split\n1.png,0,extra", 'row 1: split "extra"; expected train, validation or test'],
    ["tests.csv", "file,label,split\n1.png,0,test", "no row is for training"],
    ["bad.jsonl", '{"file":"1.png","label":"a"}\n{oops', "bad.jsonl, row 2: not a JSON object: {oops"],
    ["half.jsonl", '{"file":"1.png","label":1.5}', "row 1: label 1.5; expected a class name or a whole number"],
    ["void.jsonl", '{"file":"1.png"}\n{"file":"1.png","label":"a"}', "row 1: the label is empty; expected"],
    ["nofile.jsonl", '{"label":"a"}\n{"file":"1.png","label":"a"}', "row 1: no file; expected a path"],
  ])("refuses %s in one line", async (name, text, message) => {
    const error = await read(name, text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });
});

describe("Hugging Face's tables in the folders of the parts", () => {
  const image = () => readFileSync(join(path, "1.png"));
  const table = (...rows: string[]) => `file_name,label\n${rows.join("\n")}\n`;

  it("are read as one data set", async () => {
    const root = folder("parts", {
      "train/metadata.csv": table("1.png,owl", "in/2.png,ant"),
      "train/1.png": image(),
      "train/in/2.png": image(),
      "validation/metadata.jsonl": '{"file_name": "3.png", "label": "ant"}\n',
      "validation/3.png": image(),
      "test/metadata.csv": table("4.png,owl"),
      "test/4.png": image(),
    });
    const { format, classes, train, validation, test } = await readDataSet(root);
    expect({ format, classes, validation }).toEqual({
      format: "manifest",
      classes: ["ant", "owl"],
      validation: Int32Array.of(2),
    });
    expect(train).toMatchObject({
      files: ["train/1.png", "train/in/2.png", "validation/3.png"],
      labels: Int32Array.of(1, 0, 0),
    });
    expect(test).toMatchObject({ files: ["test/4.png"], labels: Int32Array.of(1) });
  });

  it("are left out where a part has no labels, and refused where that is the training part", async () => {
    const files = { "train/1.png": image(), "train/2.png": image(), "test/4.png": image() };
    const tables = { "train/metadata.csv": table("1.png,owl", "2.png,ant"), "test/metadata.csv": "file_name\n4.png\n" };
    const { test, notes } = await readDataSet(folder("no test labels", { ...files, ...tables }));
    expect(test).toBeNull();
    expect(notes.join()).toMatch(/the test part was left out: .*metadata.csv: .*none is named label/);
    const swapped = { "train/metadata.csv": "file_name\n1.png\n", "test/metadata.csv": table("4.png,owl") };
    await expect(readDataSet(folder("no labels", { ...files, ...swapped }))).rejects.toThrow("none is named label");
  });
});
