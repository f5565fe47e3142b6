// Every way to a model takes the same pictures alike, and refuses samples that it was not trained on.
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { type HeldSamples, shapesDataSet, writeNpy } from "../src/data/index.js";
import { attackRun, evaluateRun, exportRun, train } from "../src/index.js";
import { openEmbedder } from "../src/inference/embedder.js";
import { embedFiles, openPredictor, predictFiles } from "../src/inference/index.js";
import { createServer } from "../src/serving/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";

const folder = temporaryFolder();
const dataSet = shapesDataSet({ train: 60, test: 12, size: 16, seed: 5 });
const [root, run] = [folder("files"), folder("run")];
const onnx = join(root, "model.onnx");

beforeAll(async () => {
  await train({ ...tinyRecipe, noise: "none", augment: "none", epochs: 1 }, { out: run, dataSet });
  exportRun(run, { onnx });
});

async function* one(path: string) {
  yield path;
}

async function predicted(model: string, path: string) {
  const predictor = await openPredictor(model);
  try {
    const { value } = await predictFiles(predictor, one(path), { strict: true }).next();
    return (value as readonly object[])[0];
  } finally {
    await predictor.close();
  }
}

async function embedded(path: string) {
  const embedder = await openEmbedder(run);
  try {
    const { value } = await embedFiles(embedder, one(path), { strict: true }).next();
    return (value as { readonly rows: Float32Array }).rows;
  } finally {
    embedder.close();
  }
}

async function served(bytes: Buffer) {
  const limits = { maxBatch: 4, maxWaitMs: 1, queue: 8, bodyLimit: 1e6, timeoutMs: 10_000 };
  const predictor = await openPredictor(run);
  const { app } = await createServer(predictor, limits, () => {});
  try {
    const headers = { "content-type": "image/png" };
    const response = await app.inject({ method: "POST", url: "/predict", headers, payload: bytes });
    return (response.json() as object[])[0];
  } finally {
    await app.close();
    await predictor.close();
  }
}

describe("a picture of another size, with transparency or without color", () => {
  const drawing = sharp({
    create: { width: 40, height: 24, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } },
  });
  it.each([
    ["larger and not square", (image: Sharp) => image.removeAlpha()],
    ["transparent", (image: Sharp) => image],
    ["gray", (image: Sharp) => image.removeAlpha().grayscale()],
  ])("has one prediction by the run, the exported model and the server: %s", async (name, change) => {
    const bytes = await change(drawing.clone()).png().toBuffer();
    const path = join(folder(name, { "x.png": new Uint8Array(bytes) }), "x.png");
    const [ofRun, ofOnnx, ofServer] = [await predicted(run, path), await predicted(onnx, path), await served(bytes)];
    expect(ofServer).toMatchObject({ label: (ofRun as { label: string }).label });
    for (const other of [ofOnnx, ofServer]) {
      const { label, confidence } = other as { label: string; confidence: number };
      expect(label).toBe((ofRun as { label: string }).label);
      expect(confidence).toBeCloseTo((ofRun as { confidence: number }).confidence, 3);
    }
    expect((await embedded(path)).length).toBeGreaterThan(0);
  });
});

const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const unfit: Readonly<Record<string, HeldSamples>> = {
  "of another size": {
    values: new Uint8Array(4 * size([3, 8, 8])),
    shape: [3, 8, 8],
    labels: Int32Array.of(0, 1, 2, 3),
  },
  "of one channel": {
    values: new Uint8Array(4 * size([1, 16, 16])),
    shape: [1, 16, 16],
    labels: Int32Array.of(0, 1, 2, 3),
  },
  "out of the range of pixels": {
    values: new Float32Array(4 * size([3, 16, 16])).map((_, i) => i % 256),
    shape: [3, 16, 16],
    labels: Int32Array.of(0, 1, 2, 3),
  },
};

describe.each(Object.entries(unfit))("samples %s", (name, samples) => {
  const path = () => join(folder(name, { "x.npy": writeNpy(samples.values, [4, ...samples.shape]) }), "x.npy");
  const others = { ...dataSet, train: samples, test: samples };
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    predict: () => predicted(run, path()),
    "predict by an exported model": () => predicted(onnx, path()),
    embed: () => embedded(path()),
    evaluate: () => evaluateRun(run, { dataSet: others }),
    attack: () => attackRun(run, { dataSet: others, steps: 1 }),
  };

  it.each(Object.entries(ways))("are refused by %s in one line", async (_, use) => {
    await expect(use()).rejects.toThrow(/^[^\n]*(16|range|from 0 to 1)[^\n]*$/);
  });
});
