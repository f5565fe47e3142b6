// Data as people have it, each instance of it known to have been misread or refused: what `inspect` says of each.
import { chmodSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { type DataOptions, writeNpy } from "../src/data/index.js";
import { type Inspection, inspectData } from "../src/data/inspect.js";
import { selfadapt } from "./support/command.js";
import { fixture } from "./support/golden.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tiffFile } from "./support/tiff-file.js";

const folder = temporaryFolder();
type Files = Record<string, Uint8Array | string>;
let picture: Uint8Array;
let other: Uint8Array;
beforeAll(async () => {
  const image = (background: string) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toBuffer();
  picture = new Uint8Array(await image("teal"));
  other = new Uint8Array(await image("maroon"));
});
const pictures = (...names: string[]): Files =>
  Object.fromEntries(names.map((name, i) => [name, i % 2 === 0 ? picture : other]));
const each = (parts: readonly string[], count = 2) =>
  parts.flatMap((part) => Array.from({ length: count }, (_, i) => `${part}/${i}.png`));
const field = (name: string) => readFileSync(fixture(`field/${name}`));

async function inspected(path: string, options?: DataOptions): Promise<Inspection> {
  return (await inspectData(path, options)).inspection;
}

/** What is expected of an inspection: counts by class and part, and lines among the notes. */
interface Expected {
  readonly classes: Readonly<Record<string, number>>;
  readonly validation?: number;
  readonly test?: number;
  readonly notes?: readonly (string | RegExp)[];
}

function expectInspection(found: Inspection, { classes, validation, test, notes = [] }: Expected): void {
  const counts = Object.fromEntries(found.classes.map((name, i) => [name, found.training.counts[i]]));
  expect(counts).toEqual(classes);
  expect({ validation: found.validation?.samples, test: found.test?.samples }).toEqual({ validation, test });
  const lines = [...found.notes, ...found.unreadable.map(({ file, reason }) => `${file} (${reason})`)].join("\n");
  for (const note of notes) expect(lines).toMatch(note);
}

const floats = (low: number, high: number, size: number) =>
  Float32Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1));
/** The file in big-endian byte order, as NumPy writes an array of type `>f4`. */
function bigEndian(values: Float32Array, shape: readonly number[]): Uint8Array {
  const file = Buffer.from(writeNpy(values, shape));
  file[file.indexOf("<f4")] = ">".charCodeAt(0);
  file.subarray(file.length - 4 * values.length).swap32();
  return file;
}
const labels = (...values: number[]) => writeNpy(Int32Array.from(values));

const folders: [string, () => Files, Expected][] = [
  [
    "parts in words of the names, each in a folder of its own name",
    () =>
      pictures(...each(["training_set/training_set/cat", "training_set/training_set/dog", "test_set/test_set/cat"])),
    {
      classes: { cat: 2, dog: 2 },
      test: 2,
      notes: ["training_set/training_set is for training, test_set/test_set is for test"],
    },
  ],
  [
    "seg_train, seg_test, seg_pred",
    () => pictures(...each(["seg_train/sea", "seg_train/ice", "seg_test/sea"]), "seg_pred/1.png"),
    { classes: { ice: 2, sea: 2 }, test: 2, notes: ["seg_train is for training", /left out: .*seg_pred/] },
  ],
  [
    "a class named train",
    () => pictures("train/DSC_0001.png", "train/IMG_0002.png", ...each(["bus", "car"])),
    { classes: { bus: 2, car: 2, train: 2 } },
  ],
  [
    "folders that systems make",
    () => pictures(...each(["cat", "dog", "@eaDir/cat", "#recycle", "$RECYCLE.BIN"])),
    { classes: { cat: 2, dog: 2 }, notes: [/left out: folders that systems make \(3\)/] },
  ],
  [
    "float TIFF, 12 bits in 16, BMP, JFIF, HEIC, an image without an ending",
    () => ({
      "a/float01.tif": field("float01.tif"),
      "a/grey12in16.tif": field("grey12in16.tif"),
      "a/photo.bmp": field("photo.bmp"),
      "b/photo.jfif": field("photo.jfif"),
      "b/sample.heic": field("sample.heic"),
      "b/plain": picture,
      "b/notes.txt": "",
    }),
    {
      classes: { a: 3, b: 3 },
      notes: [
        "images of more than 8 bits a value: black to white is 0 to 4095 (1), 0 to 1 (1)".replace(/[()]/g, "."),
        /b\/sample\.heic \(HEIC is not supported; expected JPEG or PNG/,
        /left out: files that are no images \(1\): \.txt/,
      ].map((note) => (typeof note === "string" ? new RegExp(note) : note)),
    },
  ],
  [
    "a flat validation part (ImageNet as downloaded)",
    () => pictures(...each(["train/n01", "train/n02"]), "val/ILSVRC2012_val_00000001.png"),
    { classes: { n01: 2, n02: 2 }, notes: ["there is no validation part: no image in val has a class of training"] },
  ],
  [
    "Tiny ImageNet",
    () => ({
      ...pictures(...each(["train/n01/images", "train/n02/images"]), "val/images/val_0.png", "test/images/test_0.png"),
      "val/val_annotations.txt": "val_0.png\tn02\t0\t0\t7\t7\n",
      "wnids.txt": "n01\nn02\n",
    }),
    {
      classes: { n01: 2, n02: 2 },
      validation: 1,
      notes: ["val/val_annotations.txt gives the classes of 1 of 1", "there is no test part"],
    },
  ],
  [
    "a test part with a class more",
    () => pictures(...each(["train/a", "train/b", "test/a", "test/z"])),
    { classes: { a: 2, b: 2 }, test: 2, notes: ["left out: 2 of 4 test images, of classes that training lacks: z"] },
  ],
  [
    "a stray array that embed wrote",
    () => ({ ...pictures(...each(["cat", "dog"])), "features.npy": writeNpy(new Float32Array(8), [4, 2]) }),
    { classes: { cat: 2, dog: 2 }, notes: [/files that are no images \(1\): \.npy/] },
  ],
  [
    "names in both Unicode forms",
    () => pictures("train/p\u00eache/1.png", "train/owl/1.png", "test/pe\u0302che/1.png"),
    { classes: { owl: 1, "p\u00eache": 1 }, test: 1 },
  ],
];

describe("folders from the field", () => {
  it.each(folders)("are understood: %s", async (name, files, expected) => {
    expectInspection(await inspected(folder(name.replaceAll("/", " "), files())), expected);
  });

  it("with a link to a parent inside a class hold each image once", async () => {
    const path = folder("linked", pictures(...each(["cat", "dog"], 3)));
    symlinkSync(path, join(path, "cat/again"));
    expectInspection(await inspected(path), {
      classes: { cat: 3, dog: 3 },
      notes: ["left out: links to folders that were read already \\(1\\): cat/again"].map((note) => new RegExp(note)),
    });
  });

  it.skipIf(process.getuid?.() === 0)("with a folder that may not be read are read without it", async () => {
    const path = folder("locked", pictures(...each(["cat", "dog", "owl"])));
    chmodSync(join(path, "owl"), 0);
    expectInspection(await inspected(path), {
      classes: { cat: 2, dog: 2 },
      notes: [/owl \(no permission to read it\)/],
    });
  });

  it("with a name that is not UTF-8 are read without it", async () => {
    const path = folder("bytes", pictures(...each(["cat", "dog"]), "cat/x.png"));
    renameSync(
      join(path, "cat/x.png"),
      Buffer.concat([Buffer.from(`${path}/cat/`), Buffer.from([0xff]), Buffer.from(".png")]),
    );
    expectInspection(await inspected(path), { classes: { cat: 3, dog: 2 }, notes: [/its name is not UTF-8/] });
  });

  it("are refused with both readings where both are possible, and where no image has a class", async () => {
    const open = folder("open", pictures(...each(["train/steam", "train/diesel", "bus"])));
    await expect(inspected(open)).rejects.toThrow("either train is a part of the data, or all of them are classes");
    const none = folder("no train", pictures(...each(["val/a", "val/b", "test/a"])));
    await expect(inspected(none)).rejects.toThrow("they are read as parts, none of them for training");
    const endings = folder("endings", { "a/1.dcm": "", "b/2.nii": "" });
    await expect(inspected(endings)).rejects.toThrow("(it holds folders with .dcm, .nii)");
    const single = join(folder("single", { "a.heic": field("sample.heic") }), "a.heic");
    await expect(inspected(single)).rejects.toThrow(`"${single}" is a single image; expected a folder of images`);
  });
});

const named = () => pictures("i/cat/000.png", "i/dog/000.png", "i/owl/000.png", "i/cat/001.png");
const tables: [string, () => Files, Expected][] = [
  [
    "Latin-1, two classes that differ by an accent",
    () => ({
      ...named(),
      "data.csv": Buffer.from(
        "file,label\ni/cat/000.png,p\u00eache\ni/dog/000.png,p\u00e8che\ni/owl/000.png,x\n",
        "latin1",
      ),
    }),
    {
      classes: { "p\u00e8che": 1, "p\u00eache": 1, x: 1 },
      notes: [
        "data.csv: not UTF-8, read as Windows-1252 (Latin-1)".replace(/[()]/g, "."),
        /names look alike are kept apart: "p\u00e8che" and "p\u00eache"/,
      ].map((note) => new RegExp(note)),
    },
  ],
  [
    "classes 1 and 01",
    () => ({ ...named(), "data.csv": "file,label\ni/cat/000.png,1\ni/dog/000.png,01\ni/owl/000.png,1\n" }),
    { classes: { "01": 1, "1": 2 }, notes: [/names look alike/] },
  ],
  [
    "ids from 1, and years",
    () => ({ ...named(), "data.csv": "file,label\ni/cat/000.png,1\ni/dog/000.png,2\ni/owl/000.png,1999\n" }),
    { classes: { "1": 1, "2": 1, "1999": 1 } },
  ],
  [
    "semicolons, other column names, a split",
    () => ({
      ...named(),
      "data.csv":
        "Image;breed;split\ni/cat/000.png;a;train\ni/dog/000.png;b;train\ni/owl/000.png;a;dev\ni/cat/001.png;b;eval\n",
    }),
    {
      classes: { a: 1, b: 1 },
      validation: 1,
      test: 1,
      notes: ['column "Image" is the file, column "breed" is the label'],
    },
  ],
  [
    "tabs, ids without an ending",
    () => ({ ...named(), "data.csv": "id\tbreed\ncat/000\ta\ndog/000\tb\n" }),
    { classes: { a: 1, b: 1 }, notes: [/2 of 2 files were found by name below its folder/] },
  ],
  [
    "no header",
    () => ({ ...named(), "data.csv": "i/cat/000.png,a\ni/dog/000.png,b\n" }),
    { classes: { a: 1, b: 1 }, notes: [/the first row is data, so the table has no header/] },
  ],
  [
    "spaces around names",
    () => ({ ...named(), "data.csv": "file,label\ni/cat/000.png,cat\ni/cat/001.png,cat \ni/dog/000.png,dog\n" }),
    { classes: { cat: 2, dog: 1 } },
  ],
];

describe("tables from the field", () => {
  it.each(tables)("are understood: %s", async (name, files, expected) => {
    expectInspection(await inspected(join(folder(`table ${name}`, files()), "data.csv")), expected);
  });

  it("as JSON arrays and Hugging Face's metadata are understood", async () => {
    const rows = [
      { file_name: "i/cat/000.png", label: "a" },
      { file_name: "i/dog/000.png", label: "b" },
    ];
    const json = join(folder("json", { ...named(), "data.json": JSON.stringify(rows) }), "data.json");
    const lines = folder("jsonl", { ...named(), "metadata.jsonl": rows.map((row) => JSON.stringify(row)).join("\n") });
    for (const path of [json, lines]) expectInspection(await inspected(path), { classes: { a: 1, b: 1 } });
  });

  it("are refused: a missing label, a column twice, a file that is not there", async () => {
    const refused = async (name: string, text: string, message: string) => {
      const path = join(folder(`refused ${name}`, { ...named(), "data.csv": text }), "data.csv");
      await expect(inspected(path)).rejects.toThrow(message);
    };
    await refused("nan", "file,label\ni/cat/000.png,nan\ni/dog/000.png,b\n", '"nan", which stands for a missing one');
    await refused("twice", "file,label,Label\ni/cat/000.png,a,b\n", "two columns are named");
    await refused("lost", "file,label\ni/cat/9.png,a\ni/dog/000.png,b\n", 'file "i/cat/9.png" does not exist');
  });
});

describe("arrays from the field", () => {
  it.each([
    ["0 to 255", 0, 255],
    ["-1 to 1", -1, 1],
  ])("of floats from %s are shown with their range", async (name, low, high) => {
    const path = folder(`floats ${name}`, {
      "x.npy": writeNpy(floats(low, high, 24), [2, 3, 2, 2]),
      "y.npy": labels(0, 1),
    });
    expect(await inspected(path)).toMatchObject({
      shape: [3, 2, 2],
      values: { type: "floats", lowest: low, highest: high },
    });
  });

  it("of big-endian floats are read", async () => {
    const path = folder("big endian", {
      "x.npy": bigEndian(Float32Array.of(1, 256, 257, 258), [2, 2]),
      "y.npy": labels(0, 1),
    });
    expect(await inspected(path)).toMatchObject({ values: { lowest: 1, highest: 258 } });
  });

  it("of gray floats are said to be features, -1 to be unlabeled, and validation to be apart", async () => {
    const path = folder("gray", {
      "x.npy": writeNpy(floats(0, 1, 16), [4, 2, 2]),
      "y.npy": labels(1, 0, -1, 1),
      "x_val.npy": writeNpy(floats(0, 1, 4), [1, 2, 2]),
      "y_val.npy": labels(1),
    });
    expectInspection(await inspected(path), {
      classes: { "0": 1, "1": 2 },
      validation: 1,
      notes: [
        /samples of 2 x 2 floats are taken as features, not as images/,
        /left out: 1 of 4 training samples, which have no label/,
      ],
    });
  });
});

describe("the command inspect", () => {
  it("prints for data from the field what the library finds, without a home", async () => {
    const path = folder("command", {
      ...folders[4]?.[1](),
      "c/deep.tif": tiffFile(
        Uint16Array.from({ length: 64 }, (_, i) => 60 * i),
        8,
        8,
      ),
    });
    const { HOME: _, XDG_CACHE_HOME: __, ...env } = process.env;
    const run = selfadapt(["inspect", path, "--json"], { env });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    const expected = await inspected(path);
    expect(JSON.parse(run.stdout)).toEqual({ data: path, ...JSON.parse(JSON.stringify(expected)) });
    const text = selfadapt(["inspect", path], { env }).stdout;
    for (const line of expected.notes) expect(text).toContain(line);
    expect(text).toMatch(/cannot be read: b\/sample\.heic \(HEIC is not supported/);
  });
});
