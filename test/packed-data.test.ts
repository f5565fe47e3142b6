// The same pictures in a folder, a zip, a parquet file and a tar: one data set, and one run to the last bit.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { imageSource } from "../src/data/containers/containers.js";
import { fingerprint, readDataSet } from "../src/data/index.js";
import { evaluateRun, inspectRun } from "../src/evaluation/index.js";
import { listInputs, openPredictor, predictFiles } from "../src/inference/index.js";
import { findIssues } from "../src/issues/index.js";
import type { RecipeInput } from "../src/runs/index.js";
import { type TrainingEvent, train } from "../src/training/index.js";
import { writeTar } from "./support/shards.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { outcomeOf } from "./support/tiny-run.js";

const folder = temporaryFolder();
const fixture = fileURLToPath(new URL("fixtures/parquet/sorted/train.parquet", import.meta.url));
const classes = ["lynx", "owl"];
const each = 8;
const carriers = ["folder", "zip", "parquet", "tar"] as const;
type Carrier = (typeof carriers)[number];
let data: Record<Carrier, string>;
let names: string;

beforeAll(async () => {
  const bytes = await Promise.all(
    Array.from({ length: 2 * each }, (_, i) => imageSource(`${fixture}/image/${i}`) as Promise<Uint8Array>),
  );
  const images = bytes.map((image, i) => {
    const label = Math.floor(i / each);
    return { image, label, stem: String(i).padStart(2, "0"), ending: image[0] === 0xff ? "jpg" : "png" };
  });
  const files = Object.fromEntries(
    images.map(({ image, label, stem, ending }) => [`${classes[label]}/${stem}.${ending}`, image]),
  );
  const place = folder("packed", { "names.txt": `${classes.join("\n")}\n` });
  names = join(place, "names.txt");
  writeFileSync(join(place, "photos.zip"), zipSync(files));
  cpSync(fixture, join(place, "photos.parquet"));
  const members = images.flatMap(({ image, label, stem, ending }) => [
    [`${stem}.cls`, String(label)] as const,
    [`${stem}.${ending}`, image] as const,
  ]);
  await writeTar(join(place, "0.tar"), members.slice(0, 10));
  await writeTar(join(place, "1.tar"), members.slice(10));
  data = {
    folder: folder("photos", files),
    zip: join(place, "photos.zip"),
    parquet: join(place, "photos.parquet"),
    tar: join(place, "{0..1}.tar"),
  };
  vi.stubEnv("XDG_CACHE_HOME", folder("cache"));
});

const tiny = {
  model: "resnet18",
  width: 2,
  epochs: 2,
  batchSize: 4,
  startEpoch: 1,
  augment: "none",
  noise: "symmetric:0.3",
  precision: "fp32",
  device: "cpu",
} as const satisfies Partial<RecipeInput>;

async function* noList(): AsyncGenerator<string> {}

const recipeOf = (carrier: Carrier, input: Partial<RecipeInput> = {}): Partial<RecipeInput> => ({
  ...tiny,
  data: data[carrier],
  ...(carrier === "tar" && { classes: names }),
  ...input,
});

async function run(name: string, recipe: Partial<RecipeInput>, options: Parameters<typeof train>[1] = {}) {
  const out = join(folder(name), "run");
  await train(recipe, { out, ...options });
  return out;
}

/** The run on the folder, made once. */
let onFolder: Promise<string> | null = null;
const folderRun = () => (onFolder ??= run("on the folder", recipeOf("folder")));
const packed = carriers.filter((carrier) => carrier !== "folder");
const classesOf = (carrier: Carrier) => (carrier === "tar" ? { classes: names } : {});

describe.each(packed)("pictures in a %s", (carrier) => {
  it("have the fingerprint of the folder's, and give the same run", async () => {
    const found = fingerprint(await readDataSet(data[carrier], classesOf(carrier)));
    expect(found).toBe(fingerprint(await readDataSet(data.folder)));
    const out = await run(`held ${carrier}`, recipeOf(carrier));
    expect(outcomeOf(out)).toEqual(outcomeOf(await folderRun()));
  });

  it("are predicted as in the folder", async () => {
    const predictor = await openPredictor(await folderRun());
    const predict = async (from: Carrier) => {
      const predicted: (number | string)[] = [];
      for await (const batch of predictFiles(predictor, await listInputs([data[from]], noList()))) {
        predicted.push(...batch.map((made) => ("error" in made ? made.error : made.confidence)));
      }
      return predicted;
    };
    const predicted = await predict(carrier);
    expect(predicted.length).toBe(2 * each);
    expect(predicted).toEqual(await predict("folder"));
  });
});

describe.each(packed)("a run on pictures streamed from a %s", (carrier) => {
  it("is the folder's, is resumed exactly, evaluated and searched for issues", async () => {
    const stop = new AbortController();
    const listeners = [(event: TrainingEvent) => void (event.type === "step" && event.step === 1 && stop.abort())];
    const recipe = recipeOf(carrier, { stream: "always" });
    const out = await run(`stopped ${carrier}`, recipe, { listeners, signal: stop.signal });
    await train({}, { out, resume: true });
    expect(outcomeOf(out)).toEqual(outcomeOf(await folderRun()));
    const { samples } = await evaluateRun(out, { data: data[carrier], ...classesOf(carrier) });
    expect(samples).toBe(2 * each);
    const { issues, kinds } = await findIssues(await inspectRun(out));
    expect(issues.length).toBe(2 * each);
    const [quality] = kinds.filter(({ kind }) => kind.name === "image");
    expect(quality?.columns[0]?.scores.some(Number.isNaN)).toBe(false);
  });
});
