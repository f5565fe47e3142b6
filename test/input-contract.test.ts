// A model takes pixels as it was trained on them: the same pictures give the same predictions as bytes, as floats of any
// common range, as PNG files, and through an exported model.
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { DataSet, HeldSamples } from "../src/data/index.js";
import { attackRun, evaluateRun, exportRun, pipeline, shapesDataSet, train } from "../src/index.js";
import { openPredictor } from "../src/inference/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tiffFile } from "./support/tiff-file.js";
import { tinyRecipe } from "./support/tiny-run.js";

const folder = temporaryFolder();
const bytes = shapesDataSet({ train: 120, test: 40, size: 16, seed: 5 }) as DataSet<HeldSamples>;

type Range = readonly [number, number];
const inRange = (samples: HeldSamples, [low, high]: Range): HeldSamples => ({
  ...samples,
  values: Float32Array.from(samples.values, (byte) => low + ((high - low) * byte) / 255),
});
const dataSetIn = (range: Range): DataSet<HeldSamples> => ({
  ...bytes,
  train: inRange(bytes.train, range),
  test: inRange(bytes.test as HeldSamples, range),
});

describe.each([
  ["0 to 255", [0, 255]],
  ["-1 to 1", [-1, 1]],
  ["0 to 1", [0, 1]],
] as const)("a run that was trained on floats from %s", async (name, range) => {
  const run = folder(name);
  const floats = dataSetIn(range);
  const test = bytes.test as HeldSamples;
  const [length, count] = [test.values.length / test.labels.length, 8];

  it("evaluates the same pictures as bytes and as floats alike, and attacks them where it evaluates them", async () => {
    await train({ ...tinyRecipe, noise: "none", augment: "none" }, { out: run, dataSet: floats });
    const given = await evaluateRun(run, { dataSet: floats });
    const ofBytes = await evaluateRun(run, { dataSet: bytes });
    expect(ofBytes.testAccuracy).toBe(given.testAccuracy);
    expect(ofBytes.testLoss).toBeCloseTo(given.testLoss, 3);
    const { result } = await attackRun(run, { dataSet: bytes, steps: 1, epsilon: 0.001 });
    expect(result?.naturalAccuracy).toBeCloseTo(given.testAccuracy, 6);
  });

  it("predicts bytes, floats and PNG files alike, by its folder and exported", async () => {
    const model = join(folder(`${name} exported`), "model.onnx");
    exportRun(run, { onnx: model });
    for (const path of [run, model]) {
      const predictor = await openPredictor(path);
      expect(predictor.input).toMatchObject({ kind: "images", range });
      const pictures = test.values.slice(0, count * length) as Uint8Array;
      const floatsOfThem = (floats.test as HeldSamples).values.slice(0, count * length);
      const [ofBytes, ofFloats] = [
        await predictor.predict(pictures, count),
        await predictor.predict(floatsOfThem, count),
      ];
      ofBytes.forEach(({ label, confidence }, i) => {
        expect(label).toBe(ofFloats[i]?.label);
        expect(confidence).toBeCloseTo(ofFloats[i]?.confidence as number, 3);
      });
      await predictor.close();
      const first = join(folder(`${name} pictures`), "first.png");
      const interleaved = Buffer.from(pictures.slice(0, length)).map(
        (_, i, all) => all[(i % 3) * (length / 3) + Math.floor(i / 3)] as number,
      );
      await sharp(interleaved, { raw: { width: 16, height: 16, channels: 3 } })
        .png()
        .toFile(first);
      const classify = await pipeline("image-classification", path);
      const best = await classify(first);
      expect(best.label).toBe(ofBytes[0]?.label);
      await classify.close();
    }
  });
});

describe("a run that was trained on 12-bit pictures", () => {
  const side = 16;
  const ramp = (largest: number) =>
    Uint16Array.from({ length: side ** 2 }, (_, i) => Math.round((largest * i) / side ** 2));
  const tiffs = (count: number) =>
    Object.fromEntries(
      ["a", "b"].flatMap((name) =>
        Array.from({ length: count }, (_, i) => [`${name}/${i}.tif`, tiffFile(ramp(3000 + 10 * i), side, side)]),
      ),
    );

  it("predicts a dark picture of 12 bits as its copy of bytes, by its folder and exported", async () => {
    const run = folder("deep run");
    const data = folder("deep", tiffs(6));
    await train({ ...tinyRecipe, data, noise: "none", epochs: 1, batchSize: 6 }, { out: run });
    const model = join(folder("deep exported"), "model.onnx");
    exportRun(run, { onnx: model });
    const dark = ramp(200);
    const copy = Uint8Array.from(dark, (value) => Math.round((255 * value) / 4095));
    const pictures = folder("dark", {
      "dark.tif": tiffFile(dark, side, side),
      "copy.tif": tiffFile(copy, side, side),
    });
    for (const path of [run, model]) {
      const classify = await pipeline("image-classification", path);
      const [twelve, eight] = [await classify(join(pictures, "dark.tif")), await classify(join(pictures, "copy.tif"))];
      expect(twelve.probabilities[0]).toBeCloseTo(eight.probabilities[0]!, 4);
      await classify.close();
    }
  });
});

describe("what a model was not trained on", () => {
  it("is refused: floats from 0 to 255 by a run of bytes, pictures by a run of values of no common range", async () => {
    const [ofBytes, ofOthers] = [folder("bytes"), folder("others")];
    const others = dataSetIn([-2.1, 2.6]);
    await train({ ...tinyRecipe, epochs: 1 }, { out: ofBytes, dataSet: bytes });
    await expect(evaluateRun(ofBytes, { dataSet: dataSetIn([0, 255]) })).rejects.toThrow(
      /^received images with pixels from 0 to 255; the model was trained on pixels from 0 to 1: /,
    );
    await train({ ...tinyRecipe, epochs: 1, augment: "none" }, { out: ofOthers, dataSet: others });
    await expect(evaluateRun(ofOthers, { dataSet: bytes })).rejects.toThrow(
      /^received pictures; the model was trained on arrays /,
    );
    await expect(train({ ...tinyRecipe, epochs: 1 }, { dataSet: { ...bytes, test: others.test } })).rejects.toThrow(
      /^received images with pixels from -2.* to 2/,
    );
  });
});
