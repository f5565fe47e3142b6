import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { held, readHeld } from "../../../../test/support/held.js";
import { picture } from "../../../../test/support/picture-folder.js";
import { type Members, writeTar } from "../../../../test/support/shards.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { InputError } from "../../../errors.js";
import { readDataSet } from "../../formats.js";
import { decodedSamples } from "../../loader/streamed.js";
import type { StreamedSamples } from "../../types.js";

const folder = temporaryFolder();
let images: Uint8Array[];
beforeAll(async () => {
  images = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => picture(i, 12, 8, i % 2 ? "jpeg" : "png")));
});

let count = 0;
const place = () => folder(`shards ${count++}`);
/** Samples with a label in `.cls`, numbered from `first`. */
const samplesOf = (first: number, labels: readonly (number | string)[]): Members =>
  labels.flatMap(
    (label, i): Members => [
      [`${first + i}.${(first + i) % 2 ? "jpg" : "png"}`, images[(first + i) % 6]!],
      [`${first + i}.cls`, String(label)],
    ],
  );
const single = async (members: Members) => writeTar(join(place(), "data.tar"), members);

async function several(names: Readonly<Record<string, readonly number[]>>): Promise<string> {
  const path = place();
  let first = 0;
  for (const [name, labels] of Object.entries(names)) {
    await writeTar(join(path, name), samplesOf(first, labels));
    first += labels.length;
  }
  return path;
}

it("a tar file of class folders with captions next to the images has the folders as its classes", async () => {
  const members: Members = [0, 1, 2].flatMap((i): Members => {
    const name = `${i === 2 ? "dog" : "cat"}/${i}`;
    return [
      [`${name}.png`, images[2 * i]!],
      [`${name}.txt`, `a drawing, number ${i}`],
    ];
  });
  const { format, classes, train } = await readHeld(await single(members));
  expect({ format, classes, labels: [...train.labels] }).toEqual({
    format: "folders",
    classes: ["cat", "dog"],
    labels: [0, 0, 1],
  });
});

describe("WebDataset shards", () => {
  it("are read in place, one file", async () => {
    const path = await single(samplesOf(0, [1, 0, 1]));
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, classes, labels: [...train.labels], files: train.files, test, notes }).toEqual({
      format: "webdataset",
      classes: ["0", "1"],
      labels: [1, 0, 1],
      files: ["data.tar/0.png", "data.tar/1.jpg", "data.tar/2.png"],
      test: null,
      notes: [],
    });
  });

  it("are named by braces, in order", async () => {
    const path = await several({ "s-008.tar": [0, 1], "s-009.tar": [1], "s-010.tar": [0] });
    const data = await readHeld(join(path, "s-{008..010}.tar"));
    expect([...data.train.labels]).toEqual([0, 1, 1, 0]);
    expect(data.train.files?.at(-1)).toBe("s-010.tar/3.jpg");
    expect((await readHeld(join(path, "s-{010,008}.tar"))).train.files?.[0]).toBe("s-010.tar/3.jpg");
    await expect(readDataSet(join(path, "s-{8-10}.tar"))).rejects.toThrow(
      "received {8-10}; expected a range, such as {000..123}",
    );
    await expect(readDataSet(join(path, "s-{9..8}.tar"))).rejects.toThrow("expected a range that ends after it begins");
  });

  it("of a folder have the parts that their names say", async () => {
    const path = await several({ "test-0.tar": [1], "train-0.tar": [0, 1], "train-1.tar": [0], "val-0.tar": [1] });
    const { train, validation, test } = await readHeld(path);
    expect([[...train.labels], [...(validation ?? [])], [...(test?.labels ?? [])]]).toEqual([[0, 1, 0, 1], [3], [1]]);
    expect([...(await readHeld(join(path, "train-{0..1}.tar"))).train.labels]).toEqual([0, 1, 0]);
  });

  it("are streamed, in any order", async () => {
    const path = await several({ "0.tar": [0, 1, 0], "1.tar": [1, 1] });
    const [all, streamed] = [await readHeld(path), await readDataSet(path, { stream: "always" })];
    const decoded = held(await decodedSamples(streamed.train as StreamedSamples, Int32Array.of(4, 1, 3)));
    const size = 3 * 8 * 12;
    [4, 1, 3].forEach((i, row) => {
      expect(decoded.values.subarray(row * size, (row + 1) * size)).toEqual(
        all.train.values.subarray(i * size, (i + 1) * size),
      );
    });
  });

  it("have classes named by a file, also those without samples", async () => {
    const path = await single(samplesOf(0, [2, 0]));
    const names = join(folder("names", { "names.txt": "ant\nbee\ncow\ndog\n" }), "names.txt");
    const { classes, train } = await readHeld(path, { classes: names });
    expect({ classes, labels: [...train.labels] }).toEqual({ classes: ["ant", "bee", "cow", "dog"], labels: [2, 0] });
    const [short, twice] = ["short", "twice"].map((name) =>
      join(folder("bad names", { short: "ant\nbee\n", twice: "ant\nbee\nant\n" }), name),
    );
    await expect(readDataSet(path, { classes: short! })).rejects.toThrow(
      "2 names; expected 3 or more, as the data has class 2",
    );
    await expect(readDataSet(path, { classes: twice! })).rejects.toThrow('line 3: received "ant" a second time');
    const named = await single(samplesOf(0, ["owl", "lynx"]));
    await expect(readDataSet(named, { classes: names })).rejects.toThrow('names of its own, such as "lynx"');
  });

  it("have samples of consecutive files of one key, by the first dot of the name", async () => {
    const image = images[0]!;
    const path = await single([
      ["__index__.json", "{}"],
      ["a.b/1.seg.png", image],
      ["a.b/1.jpg", image],
      ["a.b/1.cls", "0"],
      ["a.b/2.cls", "1"],
      ["a.b/2.PNG", image],
      ["c/3.cls", "0"],
      ["no-field", "x"],
      ["c/4.left.png", image],
      ["c/4.cls", "1"],
      ["c/3.png", image],
    ]);
    const { train, notes } = await readHeld(path);
    expect(train.files).toEqual(["data.tar/a.b/1.jpg", "data.tar/a.b/2.PNG", "data.tar/c/4.left.png"]);
    expect([...train.labels]).toEqual([0, 1, 1]);
    expect(notes).toEqual(["left out: 1 of 4 samples have no label: data.tar/c/3.png"]);
  });

  it.each<[string, string, string]>([
    ["json", '{"label": "owl", "width": 3}', '{"label": "lynx"}'],
    ["json", '{"cls": 4}', '{"cls": 7}'],
    ["json", '"owl"', '"lynx"'],
    ["txt", "owl\n", "lynx"],
    ["cls", "owl", "lynx"],
  ])("have labels in .%s: %s", async (field, first, second) => {
    const path = await single([
      ["1.jpg", images[1]!],
      [`1.${field}`, first],
      ["2.jpg", images[3]!],
      [`2.${field}`, second],
    ]);
    const { classes } = await readDataSet(path);
    expect(classes).toEqual(first.includes("4") ? ["4", "7"] : ["lynx", "owl"]);
  });

  it("have labels under a key of JSON that the user names", async () => {
    const json = (species: string) => JSON.stringify({ species, text: "a b" });
    const path = await single([
      ["1.jpg", images[1]!],
      ["1.json", json("owl")],
      ["2.jpg", images[3]!],
      ["2.json", json("lynx")],
    ]);
    expect((await readDataSet(path, { labelColumn: "species" })).classes).toEqual(["lynx", "owl"]);
    await expect(readDataSet(path)).rejects.toThrow(/[12]\.json: its keys are species, text, and none is a label/);
  });

  it("have long names, as Python's tarfile writes them", async () => {
    const long = `${"deep/".repeat(60)}ä`;
    const path = await single([
      [`${long}.jpg`, images[1]!],
      [`${long}.cls`, "0"],
      ["2.jpg", images[3]!],
      ["2.cls", "1"],
    ]);
    const { train } = await readHeld(path);
    expect(train.files?.[0]).toBe(`data.tar/${long}.jpg`);
    expect(train.labels.length).toBe(2);
  });

  it("without labels are read for methods that need none", async () => {
    const path = place();
    await writeTar(join(path, "0.tar"), [
      ["1.jpg", images[1]!],
      ["2.jpg", images[3]!],
    ]);
    const { train } = await readHeld(join(path, "{0..0}.tar"), { unlabeled: true });
    expect([...train.labels]).toEqual([-1, -1]);
  });

  it.each([0, 100, 700, 1024, 2000, -1000, -1])("cut at byte %s are refused, or left out beside others", async (at) => {
    const path = await several({ "0.tar": [0, 1, 0], "1.tar": [1, 0] });
    const bytes = readFileSync(join(path, "0.tar"));
    const cut = bytes.subarray(0, at === -1 ? bytes.length - 1024 : at);
    writeFileSync(join(path, "0.tar"), cut);
    const braces = join(path, "{0..1}.tar");
    const { train, notes } = await readDataSet(braces);
    expect(train.labels.length).toBe(2);
    expect(notes[0]).toMatch(/^left out: shards that cannot be read \(1\): .*0.tar" is truncated or damaged: /);
    await expect(readDataSet(braces, { strict: true })).rejects.toThrow(/0.tar" is truncated or damaged/);
    const alone = await readDataSet(join(path, "0.tar"), { format: "webdataset" }).catch((error: Error) => error);
    expect(alone).toBeInstanceOf(InputError);
    expect((alone as Error).message).not.toContain("\n");
  });

  it("that are missing are named", async () => {
    const path = await several({ "0.tar": [0, 1] });
    const { notes } = await readDataSet(join(path, "{0..2}.tar"));
    expect(notes[0]).toMatch(
      /^left out: shards that cannot be read \(2\): cannot read ".*1.tar": there is no such file/,
    );
    await expect(readDataSet(join(path, "x{0..2}.tar"))).rejects.toThrow(
      /cannot read ".*x0.tar": there is no such file/,
    );
  });

  it("with a path outside of them are refused", async () => {
    const path = await single([...samplesOf(0, [0, 1]), ["../evil.jpg", images[1]!]]);
    await expect(readDataSet(path, { format: "webdataset" })).rejects.toThrow(
      'holds "../evil.jpg", a path outside of it',
    );
    await expect(readDataSet(path)).rejects.toThrow('holds "../evil.jpg", a path outside of it');
  });
});
