// @ts-check
// `node bench/duplicates.mjs DATA [--run RUN]`: how many planted copies of images `issues` finds, and which pairs of the data itself.

import { Command } from "commander";
import sharp from "sharp";
import { log, table } from "../dist/cli/shared/output.js";
import { randomFrom, readDataSet, samplesAt } from "../dist/data/index.js";
import { InputError } from "../dist/errors.js";
import { pipeline } from "../dist/inference/index.js";
import { duplicate } from "../dist/issues/kinds/duplicate.js";
import { issueEvidence } from "../dist/issues/part.js";
import { setThreads } from "../dist/torch/index.js";

/** @typedef {Uint8Array<ArrayBufferLike>} Pixels */

const program = new Command("node bench/duplicates.mjs")
  .argument("<data>", "images of 32 x 32 pixels in memory, such as CIFAR-10")
  .option("--run <run>", "run whose features give further candidates")
  .option("--samples <n>", "images among which the copies are planted", "10000")
  .option("--each <n>", "copies of each kind", "200")
  .option("--threads <n>", "threads of the CPU", "1")
  .parse();
const options = program.opts();
const [side, shift] = [32, 4];
const plane = side * side;

/** (channels, height, width) as an image of sharp. @param {Pixels} image */
const picture = (image) =>
  sharp(
    Uint8Array.from(image, (_, at) => image[(at % 3) * plane + Math.floor(at / 3)] ?? 0),
    { raw: { width: side, height: side, channels: 3 } },
  );

/** @param {import("sharp").Sharp} image @returns {Promise<Pixels>} */
async function pixelsOf(image) {
  const raw = await image.raw().toBuffer();
  return Uint8Array.from(raw, (_, at) => raw[(at % plane) * 3 + Math.floor(at / plane)] ?? 0);
}

/** @param {Pixels} image @param {(y: number, x: number) => [number, number] | null} from */
const moved = (image, from) =>
  Uint8Array.from(image, (_, at) => {
    const source = from(Math.floor((at % plane) / side), at % side);
    return source === null ? 0 : (image[at - (at % plane) + source[0] * side + source[1]] ?? 0);
  });

/** @type {Record<string, (image: Pixels, random: import("../dist/data/index.js").Random) => Pixels | Promise<Pixels>>} */
const kinds = {
  exact: (image) => image,
  "JPEG, quality 50": async (image) => pixelsOf(sharp(await picture(image).jpeg({ quality: 50 }).toBuffer())),
  mirrored: (image) => moved(image, (y, x) => [y, side - 1 - x]),
  "brightness x 1.4 + 10": (image) => image.map((value) => Math.min(255, 1.4 * value + 10)),
  "shifted by 4, black border": (image, random) => {
    const [dy, dx] = [random.integer(2) === 0 ? shift : -shift, random.integer(2 * shift + 1) - shift];
    const inside = (/** @type {number} */ at) => at >= 0 && at < side;
    return moved(image, (y, x) => (inside(y + dy) && inside(x + dx) ? [y + dy, x + dx] : null));
  },
  "cropped by 4, enlarged": (image, random) => {
    const [left, top] = [random.integer(shift + 1), random.integer(shift + 1)];
    const window = { left, top, width: side - shift, height: side - shift };
    return pixelsOf(picture(image).extract(window).resize(side, side));
  },
};

try {
  setThreads(Number(options.threads));
  await measure(program.args[0] ?? "", Number(options.samples), Number(options.each));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  log(`error: ${error.message}`);
  process.exitCode = 2;
}

/** @param {string} data @param {number} count @param {number} each */
async function measure(data, count, each) {
  const { train, classes } = await readDataSet(data, {});
  const base = samplesAt(
    train,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  if (base.kind === "streamed" || base.shape.join() !== "3,32,32" || !(base.values instanceof Uint8Array)) {
    throw new InputError(
      `${data}: received samples of ${base.shape.join(" x ")}; expected images of 3 x 32 x 32 in memory`,
    );
  }
  const size = 3 * plane;
  const random = randomFrom(0, "planted copies");
  const sources = random.sample(count, each * Object.keys(kinds).length);
  /** @type {Pixels[]} */
  const planted = [];
  for (const copyOf of Object.values(kinds)) {
    for (let k = 0; k < each; k++) {
      const source = sources[planted.length] ?? 0;
      planted.push(await copyOf(base.values.slice(source * size, (source + 1) * size), random));
    }
  }
  const values = new Uint8Array((count + planted.length) * size);
  values.set(base.values);
  for (const [k, image] of planted.entries()) values.set(image, (count + k) * size);
  const labels = Int32Array.from([...base.labels, ...planted.map((_, k) => base.labels[sources[k] ?? 0] ?? 0)]);
  const part = {
    name: "train",
    indices: Int32Array.from(labels.keys()),
    labels,
    samples: { values, shape: base.shape, labels },
    features: options.run === undefined ? null : await featuresOf(options.run, values, size),
    probabilities: null,
    unreadable: new Int32Array(),
  };
  const started = performance.now();
  const { groups, summary } = await duplicate.find(issueEvidence(classes, part));
  log(`${summary}; ${((performance.now() - started) / 1000).toFixed(0)} s without the features`);
  report(groups, sources, count, each);
}

/** @param {string} run @param {Uint8Array} values @param {number} size */
async function featuresOf(run, values, size) {
  const extract = await pipeline("image-feature-extraction", run);
  /** @type {Float32Array[]} */
  const rows = [];
  for (let start = 0; start < values.length; start += 256 * size) {
    const images = [];
    for (let at = start; at < Math.min(values.length, start + 256 * size); at += size) {
      images.push(
        await picture(values.subarray(at, at + size))
          .png({ compressionLevel: 1 })
          .toBuffer(),
      );
    }
    rows.push(...(await extract(images)));
  }
  await extract.close();
  const featureSize = rows[0]?.length ?? 0;
  const features = new Float32Array(rows.length * featureSize);
  for (const [i, row] of rows.entries()) features.set(row, i * featureSize);
  return { values: features, size: featureSize };
}

/**
 * The fraction of each kind that is in one group with its original, and the groups without any planted copy.
 * @param {readonly import("../dist/issues/index.js").SampleGroup[]} groups
 * @param {Int32Array} sources
 * @param {number} count
 * @param {number} each
 */
function report(groups, sources, count, each) {
  const groupOf = new Map(groups.flatMap((group) => group.samples.map((i) => [i, group])));
  const rows = Object.keys(kinds).map((kind, k) => {
    const copies = Array.from({ length: each }, (_, i) => k * each + i);
    const found = copies.filter((copy) => {
      const group = groupOf.get(count + copy);
      return group !== undefined && group === groupOf.get(sources[copy] ?? -1);
    });
    return [kind, `${found.length} of ${each}`];
  });
  const wrong = groups.filter(({ samples }) => {
    const copies = samples.filter((i) => i >= count).map((i) => sources[i - count]);
    return copies.length > 0 && !copies.some((source) => samples.includes(source ?? -1));
  });
  const others = groups.filter(({ samples }) => samples.every((i) => i < count));
  const largest = Math.max(0, ...groups.map(({ samples }) => samples.length));
  console.log(table(["copies", "found"], rows).join("\n"));
  console.log(`planted copies joined to other images only: ${wrong.length}`);
  console.log(`groups without planted copies: ${others.length}; the largest group has ${largest} samples`);
}
