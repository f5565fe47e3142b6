import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import sharp from "sharp";
import { create, Header } from "tar";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readHeld } from "../../../test/support/held.js";
import { cifarBatch } from "../../../test/support/small-data.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { readDataSet } from "../formats.js";
import { unpack } from "./unpack.js";

const folder = temporaryFolder();
let image: Uint8Array;
let cache: string;
let count = 0;
beforeAll(async () => {
  const background = { width: 8, height: 8, channels: 3 as const, background: "teal" };
  image = new Uint8Array(await sharp({ create: background }).png().toBuffer());
});
beforeEach(() => {
  cache = folder(`cache ${count++}`);
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => void vi.unstubAllEnvs());

type Files = Record<string, Uint8Array | string>;
const images = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, image]));
const cats = ["train/cat/1.png", "train/dog/1.png", "test/dog/2.png"];
const text = (content: string | Uint8Array) => (typeof content === "string" ? Buffer.from(content) : content);
const zipOf = (files: Files) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, text(content)])));

async function archiveOf(name: string, files: Files): Promise<string> {
  const place = join(folder(`archives ${count}`), name);
  if (name.endsWith(".zip")) writeFileSync(place, zipOf(files));
  else {
    const source = folder(`source ${count} ${name}`, files);
    await create({ file: place, cwd: source, gzip: !name.endsWith(".tar") }, readdirSync(source));
  }
  return place;
}
const kept = () =>
  existsSync(join(cache, "selfadapt/archives")) ? readdirSync(join(cache, "selfadapt/archives")) : [];

describe("archives", () => {
  it.each(["photos.zip", "photos.tar", "photos.tar.gz", "PHOTOS.TGZ"])("are read as their folder: %s", async (name) => {
    const path = await archiveOf(name, images(...cats, "train/__MACOSX/x.png"));
    const { format, train, test, notes } = await readHeld(path);
    expect({ format, train: train.files, test: test?.files }).toEqual({
      format: "folders",
      train: cats.slice(0, 2),
      test: cats.slice(2),
    });
    // A gzipped one has no places to read from.
    if (/gz$/i.test(name))
      expect(notes[0]).toMatch(new RegExp(`${name} was extracted to .*/selfadapt/archives/[0-9a-f]{16}$`));
    else expect({ notes, kept: kept() }).toEqual({ notes: [expect.not.stringContaining("extracted")], kept: [] });
  });

  it.each<[string, () => Files, string, string[]]>([
    [
      "a single folder around the data",
      () => images(...cats.map((file) => `photos/${file}`)),
      "folders",
      ["cat", "dog"],
    ],
    ["CIFAR in a folder", () => ({ "cifar-10-batches-bin/data_batch_1.bin": cifarBatch([0, 1]) }), "cifar-10", []],
    [
      "Hugging Face's table",
      () => ({ ...images("a.png", "b.png"), "metadata.csv": "file_name,label\na.png,x\nb.png,y\n" }),
      "manifest",
      ["x", "y"],
    ],
    [
      "archives, as a competition's",
      () => ({
        "train.zip": zipOf(images("train/cat.0.png", "train/dog.0.png")),
        "test1.zip": zipOf(images("test1/1.png")),
        "sample.csv": "id,label\n1,0\n",
      }),
      "folders",
      ["cat", "dog"],
    ],
  ])("hold any layout: %s", async (_, files, format, classes) => {
    const found = await readDataSet(await archiveOf("data.zip", files()));
    expect(found.format).toBe(format);
    expect(found.classes).toEqual(classes.length === 0 ? found.classes : classes);
  });

  it("are led into by a path", async () => {
    const path = await archiveOf("photos.zip", {
      ...images("i/1.png", "i/2.png"),
      "labels.csv": "file,label\ni/1.png,a\ni/2.png,b\n",
    });
    expect((await readDataSet(join(path, "labels.csv"))).classes).toEqual(["a", "b"]);
    await expect(readDataSet(join(path, "other.csv"))).rejects.toThrow(
      `there is no data at "${join(path, "other.csv")}"`,
    );
  });

  it("of images are read in place, and again when they change", async () => {
    for (const name of ["photos.zip", "photos.tar"]) {
      const path = await archiveOf(name, { ...images(...cats), "README.md": "Cats and dogs." });
      expect((await readDataSet(path, { stream: "always" })).train).toMatchObject({ files: cats.slice(0, 2) });
      writeFileSync(path, readFileSync(await archiveOf(`other-${name}`, images(...cats, "train/cat/3.png"))));
      const { train } = await readHeld(path);
      expect(train.files).toEqual(["train/cat/1.png", "train/cat/3.png", "train/dog/1.png"]);
      expect(train.values.subarray(0, 192)).toEqual(train.values.subarray(192, 384));
    }
    expect(kept()).toEqual([]);
  });

  it("with other files are extracted once, and again when they change", async () => {
    const images = (...names: string[]) => ({ ...Object.fromEntries(names.map((name) => [name, image])), "a.bin": "" });
    const path = await archiveOf("photos.zip", images(...cats));
    const first = await unpack(path);
    rmSync(join(first.path, "train/cat/1.png"));
    expect(await unpack(path)).toEqual(first);
    writeFileSync(path, zipOf(images(...cats, "train/cat/3.png")));
    const second = await unpack(path);
    expect(second.path).not.toBe(first.path);
    expect(existsSync(join(second.path, "train/cat/1.png"))).toBe(true);
    utimesSync(path, 1, 1);
    expect((await unpack(path)).path).not.toBe(second.path);
  });

  it("extracted by two readers at a time are one", async () => {
    const path = await archiveOf("photos.tar.gz", images(...cats));
    const found = await Promise.all([unpack(path), unpack(path), unpack(path)]);
    expect(new Set(found.map((unpacked) => unpacked.path)).size).toBe(1);
    expect(kept()).toEqual([basename(found[0]?.path as string)]);
  });

  it("whose extraction was interrupted are extracted again, and what was left is removed", async () => {
    const path = await archiveOf("photos.tar.gz", images(...cats));
    const { path: place } = await unpack(path);
    const abandoned = join(dirname(place), `working-999999999-${(await import("node:os")).hostname()}-0123abcd`);
    rmSync(place, { recursive: true });
    mkdirSync(join(abandoned, "train/cat"), { recursive: true });
    expect((await readDataSet(path)).train.files).toEqual(cats.slice(0, 2));
    expect(kept()).toEqual([basename(place)]);
  });

  it.each<[string, string, (good: Buffer) => Uint8Array, string]>([
    ["cut", "photos.zip", (good) => good.subarray(0, good.length - 30), "is truncated or damaged"],
    ["no archive", "photos.zip", () => Buffer.from("no archive at all, but some text"), "is truncated or damaged"],
    ["empty", "photos.zip", () => Buffer.alloc(0), "is truncated or damaged"],
    ["cut", "photos.tar.gz", (good) => good.subarray(0, good.length / 2), "is truncated or damaged"],
    ["cut", "photos.tar", (good) => good.subarray(0, 700), "is truncated or damaged"],
    ["no archive", "photos.tar", () => Buffer.alloc(2048, 7), "is truncated or damaged"],
    ["of another kind", "photos.tar.xz", (good) => good, "expected .zip, .tar, .tar.gz or the extracted folder"],
    ["of another kind", "photos.rar", (good) => good, "expected .zip, .tar, .tar.gz or the extracted folder"],
  ])("that are %s are refused and leave nothing: %s", async (_, name, damage, message) => {
    const good = await archiveOf(name.replace(".rar", ".zip"), images(...cats));
    const path = join(folder(`bad ${count} ${name}`), name);
    writeFileSync(path, damage(readFileSync(good)));
    await expect(readDataSet(path)).rejects.toThrow(message);
    await expect(readDataSet(path)).rejects.toThrow(/^[^\n]+$/);
    expect(kept()).toEqual([]);
  });

  it("with a damaged image lose that one only, or are refused under strict", async () => {
    const good = readFileSync(await archiveOf("photos.zip", images(...cats, "train/cat/0.png")));
    const path = join(folder("damaged"), "photos.zip");
    const at = good.indexOf("train/cat/1.png") + 20;
    writeFileSync(path, Buffer.concat([good.subarray(0, at), Buffer.alloc(40, 7), good.subarray(at + 40)]));
    const { train, notes } = await readDataSet(path);
    expect(train.files).toEqual(["train/cat/0.png", "train/dog/1.png"]);
    expect(notes.join()).toContain("train/cat/1.png");
    await expect(readDataSet(path, { strict: true })).rejects.toThrow(/train\/cat\/1\.png[^\n]*$/);
  });

  it("with paths outside of them are refused, and links in them left out", async () => {
    const outside = join(folder("outside"), "a.zip");
    writeFileSync(outside, zipOf({ "../evil.png": image, ...images(...cats) }));
    await expect(readDataSet(outside)).rejects.toThrow("invalid relative path: ../evil.png");
    const source = folder("linked", images(...cats));
    symlinkSync("/etc/passwd", join(source, "train/cat/2.png"));
    symlinkSync("/etc", join(source, "train/etc"));
    const tar = join(folder("linked tar"), "a.tar");
    await create({ file: tar, cwd: source }, ["train", "test"]);
    expect((await readDataSet(tar)).classes).toEqual(["cat", "dog"]);
    for (const name of ["b.tar", "b.tar.gz"]) {
      const climbing = join(folder("climbing"), name);
      const options = { file: climbing, cwd: join(source, "test"), preservePaths: true, gzip: name.endsWith(".gz") };
      await create(options, ["../train/cat/1.png"]);
      await expect(readDataSet(climbing)).rejects.toThrow('holds "../train/cat/1.png", a path outside of it');
    }
    expect(kept().filter((name) => name.startsWith("working"))).toEqual([]);
  });

  it("that would grow as no archive of images does are refused", async () => {
    const zip = Buffer.from(zipOf(images(...cats)));
    zip.writeUInt32LE(2 ** 31, zip.indexOf("PK\x01\x02") + 24);
    const header = new Header({ path: "train/cat/1.png", size: 2 ** 31, mode: 0o644, type: "File" });
    header.encode();
    const tar = gzipSync(Buffer.concat([header.block as Buffer, Buffer.alloc(4096)]));
    const place = folder("bombs", { "bomb.zip": zip, "bomb.tar.gz": tar });
    for (const name of ["bomb.zip", "bomb.tar.gz"]) {
      const message = new RegExp(
        `${name}" has \\d+ bytes and would take over 2.1 GB extracted, as no archive of images does`,
      );
      await expect(readDataSet(join(place, name))).rejects.toThrow(message);
    }
    expect(kept()).toEqual([]);
  });

  it("without data are named in the message, not the place that they were extracted to", async () => {
    const path = await archiveOf("notes.zip", { "a.txt": "words", "b.txt": "words" });
    await expect(readDataSet(path)).rejects.toThrow(`no format recognizes "${path}" (it holds .txt)`);
  });

  it("in a folder without other data are named", async () => {
    const path = folder("downloads", { "train.zip": zipOf(images(...cats)), "sample.txt": "" });
    await expect(readDataSet(path)).rejects.toThrow(`as the data, such as ${join(path, "train.zip")}`);
  });

  it("need a place for the cache where they are extracted", async () => {
    const path = await archiveOf("photos.tar.gz", images(...cats));
    vi.stubEnv("XDG_CACHE_HOME", "/dev/null/cache");
    await expect(readDataSet(path)).rejects.toThrow(
      `"${path}" cannot be extracted to /dev/null/cache/selfadapt/archives`,
    );
  });
});
