// `pipeline(task, model)`: a run folder or an exported model as a function of images.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { picture } from "../../test/support/picture-folder.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { calibrationAt, colorModel, featureModel } from "../../test/support/tiny-onnx.js";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { decodeImage } from "../data/formats/images/decode-image.js";
import { liveTensors } from "../torch/index.js";
import { train } from "../training/index.js";
import { openEmbedder } from "./embedder.js";
import { openPredictor } from "./open-predictor.js";
import { pipeline } from "./pipeline.js";
import { assembleBatch } from "./predictor.js";

const folder = temporaryFolder();
const files = folder("files", {
  "0.png": await picture(0, 20, 16, "png"),
  "1.jpg": await picture(1, 30, 40),
  "2.png": await picture(2, 16, 16, "png"),
  "broken.png": "not an image",
  "colors.onnx": colorModel({ calibration: calibrationAt(0.5) }),
  "features.onnx": featureModel(),
});
const at = (name: string) => join(files, name);
const images = [at("0.png"), at("1.jpg"), at("2.png")];
const run = join(folder("runs"), "shapes");

beforeAll(() => train({ ...tinyRecipe, epochs: 1 }, { out: run, dataSet: tinyShapes }));

async function batchOf(paths: readonly string[]): Promise<Float32Array | Uint8Array> {
  const input = { kind: "images", channels: 3, height: 16, width: 16, range: [0, 1] } as const;
  return assembleBatch(await Promise.all(paths.map((path) => decodeImage(path, input))), input);
}

describe("image-classification", () => {
  it("of a run predicts a path, bytes and an array of both as the run's predictor does", async () => {
    const classify = await pipeline("image-classification", run, { threads: 1 });
    const predictor = await openPredictor(run, { threads: 1 });
    const expected = await predictor.predict(await batchOf(images), 3);
    expect(await classify([images[0]!, readFileSync(images[1]!), images[2]!])).toEqual(expected);
    expect(classify.classes).toEqual(predictor.classes);
    const one = await classify(images[1]!);
    expect(one).toEqual(await classify(readFileSync(images[1]!)));
    expect(one.confidence).toBeCloseTo(expected[1]!.confidence, 5);
    await classify.close();
    await predictor.close();
  });

  it("keeps the order of the images across batches", async () => {
    const classify = await pipeline("image-classification", at("colors.onnx"), { batchSize: 2, threads: 1 });
    const many = Array.from({ length: 7 }, (_, i) => images[i % 3] as string);
    const single = await Promise.all(images.map((image) => classify(image)));
    const labels = (await classify(many)).map(({ label, confidence }) => [label, confidence.toFixed(5)]);
    expect(labels).toEqual(many.map((_, i) => [single[i % 3]!.label, single[i % 3]!.confidence.toFixed(5)]));
    expect(await classify([])).toEqual([]);
    await classify.close();
  });

  it("abstains below the model's threshold, or below the given one", async () => {
    const careful = await pipeline("image-classification", at("colors.onnx"), { threshold: 1.1 });
    expect([careful.threshold, (await careful(images[0]!)).abstained]).toEqual([1.1, true]);
    const calibrated = await pipeline("image-classification", at("colors.onnx"));
    expect(calibrated.threshold).toBe(0.5);
    await Promise.all([careful.close(), calibrated.close()]);
  });

  it("of an exported model does not load libtorch", () => {
    const library = pathToFileURL(join(import.meta.dirname, "../../dist/inference/index.js")).href;
    const withoutEngine = new URL("../../test/support/without-engine.mjs", import.meta.url).href;
    const program = `import { pipeline } from ${JSON.stringify(library)};
      const classify = await pipeline("image-classification", ${JSON.stringify(at("colors.onnx"))});
      console.log((await classify(${JSON.stringify(images[0])})).label);`;
    const output = execFileSync(process.execPath, ["--import", withoutEngine, "--input-type=module", "-e", program]);
    expect(["red", "green", "blue"]).toContain(output.toString().trim());
  });
});

describe("image-feature-extraction", () => {
  it("returns the features of the run's embedder, one vector an image", async () => {
    const before = liveTensors();
    const extract = await pipeline("image-feature-extraction", run, { threads: 1 });
    const embedder = openEmbedder(run, { threads: 1 });
    const rows = embedder.embed(await batchOf(images), 3);
    const features = await extract(images);
    expect(extract.embeddingSize).toBe(embedder.embeddingSize);
    expect(Float32Array.from(features.flatMap((row) => [...row]))).toEqual(rows);
    expect(await extract(images[2]!)).toHaveLength(embedder.embeddingSize);
    await extract[Symbol.asyncDispose]();
    embedder.close();
    expect(liveTensors()).toBe(before);
  });
});

describe("a pipeline is refused in one line", () => {
  it.each([
    ["image-clasification", "colors.onnx", 'task: received "image-clasification"; expected image-classification or'],
    ["image-classification", "missing", "missing"],
    ["image-classification", "features.onnx", "takes features of shape (3); expected a model of images"],
    ["image-feature-extraction", "colors.onnx", "image-feature-extraction expects a run folder"],
  ])("for the task %s of %s", async (task, model, message) => {
    await expect(pipeline(task as "image-classification", at(model))).rejects.toThrow(message);
  });

  it.each([
    ["a damaged file", () => [images[0]!, at("broken.png")], /broken\.png cannot be decoded: /],
    ["a missing file", () => at("none.png"), /none\.png cannot be decoded: /],
    ["bytes of no image", () => [Buffer.from("text")], /^image 0, 4 bytes, cannot be decoded: /],
    ["empty bytes", () => Buffer.alloc(0), /^image 0, 0 bytes, cannot be decoded: the file is empty/],
  ] as const)("for %s, and the model can be used further", async (_, input, message) => {
    const classify = await pipeline("image-classification", at("colors.onnx"));
    await expect(classify(input() as string)).rejects.toThrow(message);
    expect(classify.classes).toContain((await classify(images[0]!)).label);
    await classify.close();
  });

  it.each([0, 1.5])("for batches of %d", async (batchSize) => {
    const opened = pipeline("image-classification", at("colors.onnx"), { batchSize });
    await expect(opened).rejects.toThrow(`received ${batchSize}; expected`);
  });
});
