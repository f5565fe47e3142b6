// @ts-check
// `node bench/image-quality.mjs --cifar DIR [--photos FOLDER]`: how many dark, blurred, constant and padded pictures are found among photographs:
// those of CIFAR-10, and crops of larger ones from a folder, such as that of Debian's mate-backgrounds (backgrounds/mate/nature).

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import sharp from "sharp";
import { randomFrom, readDataSet, samplesAt } from "../dist/data/index.js";
import { percent } from "../dist/format.js";
import { image } from "../dist/issues/kinds/image.js";
import { issueEvidence } from "../dist/issues/part.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";

/** @typedef {import("../dist/data/index.js").Samples} Samples */

const program = new Command("node bench/image-quality.mjs")
  .requiredOption("--cifar <dir>", "CIFAR-10 in binary form")
  .option("--photos <folder>", "photographs of 512 pixels a side or more")
  .option("--doc <file>", "write the table into its marked block")
  .parse();
const options = program.opts();

/** Of 2,000 images, 20 of each kind are changed: sigma and frame in fractions of the side. */
const [count, each] = [2000, 20];
/** @type {Record<string, (picture: import("sharp").Sharp, side: number) => import("sharp").Sharp>} */
const kinds = {
  dark: (picture) => picture.linear(0.15, 0),
  blurry: (picture, side) => picture.blur(side / 16),
  constant: (_, side) =>
    sharp({ create: { width: side, height: side, channels: 3, background: { r: 120, g: 90, b: 60 } } }),
  padded: (picture, side) => {
    const frame = Math.round(side / 5);
    const bars = { top: frame, bottom: frame, background: "black" };
    return picture.resize(side, side - 2 * frame, { fit: "cover" }).extend(bars);
  },
};
/** Checks by which each kind counts as found. */
const checksOf = {
  dark: ["dark"],
  blurry: ["blurry"],
  constant: ["low_information", "blurry", "padded"],
  padded: ["padded"],
};

const sets = [await fromCifar(), ...(options.photos === undefined ? [] : [await fromPhotos(options.photos)])];
const rows = [];
for (const { name, samples, folder } of sets) rows.push(await measure(name, samples, folder));
const lines = markdownTable(["among", ...Object.keys(kinds), "false flags", "also flagged: grayscale, odd size"], rows);
console.log(lines.join("\n"));
if (options.doc !== undefined) writeBlock(options.doc, "image quality", lines);
for (const { folder } of sets) if (folder !== undefined) rmSync(folder, { recursive: true });

/** @param {string} name @param {Samples} samples @param {string | undefined} folder */
async function measure(name, samples, folder) {
  const indices = Int32Array.from(samples.labels.keys());
  const part = { name: "train", indices, labels: samples.labels, files: samples.files, folder, samples };
  const evidence = issueEvidence(["photo"], {
    ...part,
    features: null,
    probabilities: null,
    unreadable: new Int32Array(),
  });
  const { columns } = await image.find(evidence);
  const flagsOf = (/** @type {readonly string[]} */ names) =>
    indices.map((i) => Number(columns.some((column) => names.includes(column.name) && column.flags[i] === 1)));
  const found = Object.keys(kinds).map((kind, k) => {
    const flags = flagsOf(checksOf[/** @type {keyof typeof checksOf} */ (kind)]);
    return `${flags.subarray(k * each, (k + 1) * each).reduce((sum, flag) => sum + flag, 0)} of ${each}`;
  });
  const planted = each * Object.keys(kinds).length;
  const rate = (/** @type {readonly string[]} */ names) =>
    percent(flagsOf(names).subarray(planted).filter(Boolean).length / (count - planted), 2);
  return [name, ...found, rate(Object.values(checksOf).flat()), rate(["grayscale", "odd_size"])];
}

/** The first images, changed in memory. */
async function fromCifar() {
  const { train } = await readDataSet(options.cifar);
  const samples = samplesAt(
    train,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  if (samples.kind === "streamed") throw new Error("expected images in memory");
  const [side, plane] = [32, 1024];
  const values = Uint8Array.from(samples.values);
  for (const [k, change] of Object.values(kinds).entries()) {
    for (let i = k * each; i < (k + 1) * each; i++) {
      const own = values.subarray(3 * plane * i, 3 * plane * (i + 1));
      const rgb = Uint8Array.from(own, (_, at) => own[(at % 3) * plane + Math.floor(at / 3)] ?? 0);
      const changed = await change(sharp(rgb, { raw: { width: side, height: side, channels: 3 } }), side)
        .raw()
        .toBuffer();
      own.set(Uint8Array.from(own, (_, at) => changed[(at % plane) * 3 + Math.floor(at / plane)] ?? 0));
    }
  }
  return { name: "CIFAR-10 (32 x 32)", samples: /** @type {Samples} */ ({ ...samples, values }), folder: undefined };
}

/** Crops of 30 to 90% of the short side, at random places, 256 x 256, as JPEG files. @param {string} photos */
async function fromPhotos(photos) {
  const names = readdirSync(photos).filter((name) => /\.jpe?g$/i.test(name));
  const folder = mkdtempSync(join(tmpdir(), "image-quality-"));
  mkdirSync(join(folder, "photo"));
  const random = randomFrom(0, "crops");
  const sources = await Promise.all(
    names.map((name) =>
      sharp(join(photos, name))
        .removeAlpha()
        .resize(800, 800, { fit: "outside" })
        .raw()
        .toBuffer({ resolveWithObject: true }),
    ),
  );
  const files = [];
  for (let i = 0; i < count; i++) {
    const source = sources[i % names.length];
    if (source === undefined) throw new Error(`${photos} has no photographs (.jpg)`);
    const { width, height, channels } = source.info;
    const side = Math.floor(Math.min(width, height) * (0.3 + 0.6 * random.uniform()));
    const place = { left: random.integer(width - side), top: random.integer(height - side), width: side, height: side };
    const crop = await sharp(source.data, { raw: { width, height, channels } })
      .extract(place)
      .resize(256, 256)
      .png()
      .toBuffer();
    const change = Object.values(kinds)[Math.floor(i / each)];
    const file = join("photo", `${i}.jpg`);
    const picture = change === undefined ? sharp(crop) : change(sharp(crop), 256);
    await picture.jpeg({ quality: 90 }).toFile(join(folder, file));
    files.push(file);
  }
  const { train } = await readDataSet(folder, { singleClass: true });
  // In the order in which they were made, not in that of their names.
  const rowOf = new Map(train.files?.map((file, row) => [file.split("/").at(-1), row]));
  const order = Int32Array.from(files, (file) => rowOf.get(file.split("/").at(-1)) ?? -1);
  return { name: `crops of ${names.length} photographs (256 x 256)`, samples: samplesAt(train, order), folder };
}
