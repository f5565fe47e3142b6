// Runs small enough for tests: a few dozen drawings, a narrow network, and what such a run leaves behind.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shapesDataSet } from "../../src/data/index.js";
import { linesOf, type StepLine, stepsFile } from "../../src/runs/files/step-files.js";
import { type RecipeInput, withoutForeignKeys } from "../../src/runs/recipe/schema.js";
import { readMetrics } from "../../src/runs/run-folder.js";

export const tinyShapes = shapesDataSet({ train: 60, test: 20, size: 16, seed: 3 });

/** Five steps an epoch, three epochs, the targets moving from the second. */
export const tinyRecipe = {
  noise: "symmetric:0.4",
  model: "resnet18",
  width: 4,
  epochs: 3,
  batchSize: 12,
  startEpoch: 1,
  targetMomentum: 0.7,
  precision: "fp32",
  device: "cpu",
  seed: 5,
} as const satisfies Partial<RecipeInput>;

/** A recipe by another method: without the keys that this one does not have. */
export const byMethod = withoutForeignKeys;

type Figures = Readonly<Record<string, unknown>>;

/** Figures without those that may differ from one sitting to another. */
function timeless({ seconds, imagesPerSecond, ...rest }: Figures): Figures {
  if (typeof seconds !== "number" || typeof imagesPerSecond !== "number") throw new Error("the times are missing");
  return rest;
}

const hex = (path: string) => readFileSync(path).toString("hex");
const hexOrNull = (path: string) => (existsSync(path) ? hex(path) : null);

/** Names of the record's files; a run without labels has none. */
const recordsOf = (run: string) => (existsSync(join(run, "record")) ? readdirSync(join(run, "record")) : []);

const stepsOf = (run: string) =>
  linesOf<StepLine>(readFileSync(stepsFile(run), "utf8")).map(({ epoch, step, loss }) => ({ epoch, step, loss }));

/** Everything of a finished run that an interruption may not change. */
export function outcomeOf(run: string): Figures {
  const summary = JSON.parse(readFileSync(join(run, "summary.json"), "utf8")) as Figures;
  const last = join(run, "checkpoint", "last");
  return {
    metrics: readMetrics(run).map((line) => timeless({ ...line })),
    steps: stepsOf(run),
    summary: timeless(summary),
    model: hex(join(last, "model.safetensors")),
    optimizer: hex(join(last, "optimizer.safetensors")),
    average: hexOrNull(join(last, "ema.safetensors")),
    record: recordsOf(run).map((name) => hex(join(run, "record", name))),
    state: hexOrNull(join(last, "targets.safetensors")),
    targets: hexOrNull(join(run, "targets.npy")),
  };
}
