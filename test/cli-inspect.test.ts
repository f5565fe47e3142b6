// `inspect` on data as users have it: what it prints, what it writes, and that it runs without the engine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type Outcome, selfadapt } from "./support/command.js";
import { embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const withoutEngine = fileURLToPath(new URL("support/without-engine.mjs", import.meta.url));
const env = { ...process.env, NODE_OPTIONS: `--import ${withoutEngine}` };
let home: string;
const inspect = (...words: string[]): Outcome => selfadapt(["inspect", ...words], { cwd: home, env });

beforeAll(async () => {
  const given = Object.entries(await photos(["cat", "dog"], { each: 3, side: (i) => 8 + i }));
  const under = (part: string) => given.map(([file, image]) => [`photos/${part}/${file}`, image] as const);
  const files = Object.fromEntries([...under("training_set"), ...under("val"), ...under("test_set")]);
  const rows = given.map(([file], i) => `photos/training_set/${file};${i % 2 === 0 ? "p\u00eache" : "p\u00e8che"}`);
  home = folder("home", {
    ...files,
    ...Object.fromEntries(Object.entries(embeddings()).map(([name, content]) => [`emb/${name}`, content])),
    "photos/training_set/@eaDir/1.png": "",
    "photos/training_set/dog/broken.png": "no picture",
    "photos/training_set/dog/notes.txt": "",
    "latin.csv": Buffer.from(`image;fruit\n${rows.join("\n")}\n`, "latin1"),
    "open/train/a/1.png": given[0]?.[1] ?? "",
    "open/train/b/1.png": given[0]?.[1] ?? "",
    "open/bus/1.png": given[0]?.[1] ?? "",
  });
});

describe("inspect", () => {
  test("prints parts, classes, sizes, and what is left out and why", () => {
    const { status, stdout, stderr } = inspect("photos");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.trim())).toEqual([
      "data        folders: 2 classes, samples of 3 x 8 x 8",
      "training    7 in training_set: cat 3, dog 4",
      "validation  6 in val: cat 3, dog 3",
      "test        6 in test_set: cat 3, dog 3",
      "images      3 sizes, from 8 x 8 to 10 x 10",
      "training_set is for training, val is for validation, test_set is for test",
      "left out: files that are no images (1): .txt",
      "left out: folders that systems make (1): training_set/@eaDir",
      expect.stringMatching(/^cannot be read: training_set\/dog\/broken\.png \(.+\)$/),
      "",
    ]);
  });

  test("prints one JSON object of the same", () => {
    const found = JSON.parse(inspect("photos", "--json").stdout);
    expect(found).toMatchObject({
      data: "photos",
      format: "folders",
      classes: ["cat", "dog"],
      training: { samples: 7, counts: [3, 4], unlabeled: 0, folder: "training_set" },
      validation: { samples: 6, folder: "val" },
      test: { samples: 6, folder: "test_set" },
      sizes: { distinct: 3, smallest: { height: 8, width: 8 }, largest: { height: 10, width: 10 } },
      unreadable: [{ file: "training_set/dog/broken.png" }],
    });
  });

  test("writes a contact sheet of ten pictures a class, complete in itself", () => {
    const { status, stderr } = inspect("photos", "--html", "sheet.html");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "sheet.html: pictures of each class\n" });
    const page = readFileSync(join(home, "sheet.html"), "utf8");
    expect(
      page.match(/<img src="data:image\/webp;base64,[^"]+" alt="(training_set|val)\/(cat|dog)\/\d\.png"/g)?.length,
    ).toBe(12);
    expect(page).toContain("3 for training, 3 for validation, 3 for test");
    expect(page).toContain("left out: folders that systems make (1): training_set/@eaDir");
    expect(page).not.toMatch(/https?:\/\//);
  });

  test("shows columns, encoding and arrays as they are read", () => {
    const { stdout } = inspect("latin.csv");
    expect(stdout).toContain("latin.csv: not UTF-8, read as Windows-1252 (Latin-1)");
    expect(stdout).toContain('latin.csv: column "image" is the file, column "fruit" is the label');
    expect(stdout).toContain("p\u00e8che 3, p\u00eache 3");
    expect(inspect("emb").stdout).toMatch(/data +arrays: 3 classes, samples of 4\ntraining +30: 0 10, 1 10, 2 10\n/);
  });

  test("refuses in one line what train would refuse, and a page that cannot be written", () => {
    const open = inspect("open");
    expect(open).toMatchObject({ status: 2, stdout: "" });
    expect(open.stderr).toMatch(/^error: [^\n]+expected --train-dir train, or --train-dir \. for classes\n$/);
    const page = inspect("photos", "--html", "none/sheet.html");
    expect(page).toMatchObject({ status: 2, stdout: "" });
    expect(page.stderr).toMatch(/^error: --html none\/sheet\.html: cannot be written [^\n]+\n$/);
  });
});
