import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { readDataSet } from "../formats.js";

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

  it("reads numbers as class numbers where all labels are numbers, and as names where not", async () => {
    expect(await read("n.csv", "file,label\n1.png,2\nin/2.png,0\n1.png,01\n")).toMatchObject({
      classes: ["0", "1", "2"],
      train: { labels: Int32Array.of(2, 0, 1) },
    });
    expect((await read("m.csv", "file,label\n1.png,2\nin/2.png,b\n")).classes).toEqual(["2", "b"]);
  });

  it("takes the split from a column", async () => {
    const text = "label,split,file\na,train,1.png\nb,,in/2.png\nb,TEST,1.png\n";
    const { train, test } = await read("s.csv", text);
    expect(train.files).toEqual(["1.png", "in/2.png"]);
    expect(test).toMatchObject({ files: ["1.png"], labels: Int32Array.of(1) });
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
    ["head.csv", "path,label\n1.png,a", 'the header is "path,label"; expected the columns file, label'],
    ["cells.csv", "file,label\n1.png,a,b", "not a table that can be read"],
    ["blank.csv", "file,label\n1.png,a\n1.png,", "row 2: the label is empty"],
    ["none.csv", "file,label\n", "no rows found"],
    ["range.csv", "file,label\n1.png,0\n1.png,-1", "row 2: label -1 is out of range"],
    ["high.csv", "file,label\n1.png,0\n1.png,9", "row 2: label 9 is out of range"],
    ["split.csv", "file,label,split\n1.png,0,dev", 'row 1: split "dev"; expected train or test'],
    ["tests.csv", "file,label,split\n1.png,0,test", "every row is of the test split"],
    ["new.csv", "file,label,split\n1.png,a,\n1.png,b,\n1.png,c,test", 'row 3: label "c" is out of range'],
    ["bad.jsonl", '{"file":"1.png","label":"a"}\n{oops', "bad.jsonl, row 2: not a JSON object: {oops"],
    ["half.jsonl", '{"file":"1.png","label":1.5}', "row 1: label 1.5; expected a class name or a whole number"],
    ["void.jsonl", '{"file":"1.png"}', "row 1: label undefined; expected"],
    ["nofile.jsonl", '{"label":"a"}', "row 1: no file; expected a path"],
  ])("refuses %s in one line", async (name, text, message) => {
    const error = await read(name, text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });
});
