import { execFileSync } from "node:child_process";
import { chmodSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tinyImages } from "../../../../test/support/tiny-images.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
const images = await tinyImages();

describe("the walk through class folders", () => {
  it("says what it left out", async () => {
    const others = { "train/notes.txt": "", "train/a/list.csv": "", "train/c/.keep": "" };
    const files = images(
      "train/a/1.jpg",
      "train/b/1.jpg",
      "train/loose.jpg",
      "val/a/1.jpg",
      "test/a/9.jpg",
      "pred/1.jpg",
    );
    const { test, validation, notes } = await readHeld(folder("both", { ...files, ...others }));
    expect(test?.files).toEqual(["test/a/9.jpg"]);
    expect(validation).toEqual(Int32Array.of(2));
    expect(notes).toEqual([
      "left out: folders that are no part of the data (1): pred",
      "left out: images without a class (1): train/loose.jpg",
      "left out: folders without an image (1): c",
      "left out: files that are no images (2): .csv, .txt",
    ]);
  });

  it("follows links to folders elsewhere", async () => {
    const path = folder("links", images("a/1.jpg"));
    symlinkSync(folder("elsewhere", images("2.jpg")), join(path, "b"));
    expect((await readDataSet(path)).train.files).toEqual(["a/1.jpg", "b/2.jpg"]);
  });

  it("reads each real folder once, whatever links lead back to it", async () => {
    const path = folder("loops", images("cat/1.jpg", "cat/in/2.jpg", "dog/1.jpg", "owl/1.jpg"));
    symlinkSync(path, join(path, "dog", "root"));
    symlinkSync(join(path, ".."), join(path, "dog", "up"));
    symlinkSync(join(path, "cat"), join(path, "dog", "cats"));
    symlinkSync(join(path, "cat", "in"), join(path, "bird"));
    symlinkSync("self", join(path, "owl", "self"));
    const { train, classes, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jpg", "cat/in/2.jpg", "dog/1.jpg", "owl/1.jpg"]);
    expect(classes).toEqual(["cat", "dog", "owl"]);
    expect(notes).toContain(
      "left out: links to folders that were read already (4): bird, dog/cats, dog/root and 1 more",
    );
  });

  it("names a file that links put into two classes", async () => {
    const path = folder("shared", images("cat/1.jpg", "dog/1.jpg"));
    symlinkSync(join(path, "cat", "1.jpg"), join(path, "dog", "2.jpg"));
    const { train, notes } = await readDataSet(path);
    expect(train.files).toHaveLength(3);
    expect(notes).toEqual(["files in two classes (1): cat/1.jpg is dog/2.jpg"]);
  });

  it.each(["@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "__MACOSX", "lost+found", "@Recycle"])(
    "leaves out %s, which systems make, wherever it is",
    async (name) => {
      const files = images("cat/1.jpg", "dog/1.jpg", `${name}/1.jpg`, `cat/${name}/thumbnail.jpg`);
      const { classes, train, notes } = await readDataSet(folder(`system ${name}`, files));
      expect(classes).toEqual(["cat", "dog"]);
      expect(train.files).toEqual(["cat/1.jpg", "dog/1.jpg"]);
      expect(notes).toEqual([`left out: folders that systems make (2): ${name}, cat/${name}`]);
    },
  );

  it("leaves out a folder that cannot be read, with the reason, and refuses it under strict", async () => {
    const path = folder("names", images("cat/1.jpg", "dog/1.jpg", "dog/x/1.jpg"));
    renameSync(join(path, "dog", "x"), Buffer.from(`${join(path, "dog")}/caf\xe9`, "latin1"));
    const { train, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jpg", "dog/1.jpg"]);
    expect(notes).toEqual(["left out: folders that cannot be read (1): dog/caf\ufffd (its name is not UTF-8)"]);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("cannot be read: dog/caf");
  });

  it.skipIf(process.getuid?.() === 0)("says that a folder or an image may not be read", async () => {
    const path = folder("locked", images("cat/1.jpg", "dog/1.jpg", "dog/2.jpg", "owl/1.jpg"));
    chmodSync(join(path, "dog", "2.jpg"), 0);
    chmodSync(join(path, "owl"), 0);
    const { notes } = await readDataSet(path);
    chmodSync(join(path, "owl"), 0o700);
    expect(notes).toContain("left out: folders that cannot be read (1): owl (no permission to read it)");
    expect(notes.join()).toContain("dog/2.jpg (no permission to read it)");
  });

  it("takes .jfif and images without an ending", async () => {
    const path = folder("endings", { ...images("cat/1.jfif", "cat/a1b2", "dog/0"), "dog/README": "words" });
    const { train, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jfif", "cat/a1b2", "dog/0"]);
    expect(notes).toEqual(["left out: files that are no images (1): no ending"]);
  });

  it("leaves out what is too deep, and says so, and pipes", async () => {
    const deep = `a/${"in/".repeat(9)}2.jpg`;
    const path = folder("deep", images("a/1.jpg", "b/1.jpg", deep));
    execFileSync("mkfifo", [join(path, "a", "pipe")]);
    const { train, notes } = await readHeld(path);
    expect(train.files).toEqual(["a/1.jpg", "b/1.jpg"]);
    expect(notes).toEqual([
      `left out: folders more than eight levels below a class (1): a/${Array(9).fill("in").join("/")}`,
    ]);
  });

  it("leaves out images that cannot be decoded, and refuses them under strict", async () => {
    const path = folder("corrupt", { ...images("a/1.jpg", "b/1.jpg"), "a/0.jpg": "" });
    const { train, notes } = await readHeld(path);
    expect(train.files).toEqual(["a/1.jpg", "b/1.jpg"]);
    expect(notes).toEqual(["1 of 3 images cannot be decoded and were skipped: a/0.jpg (the file is empty)"]);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("a/0.jpg cannot be decoded");
  });
});
