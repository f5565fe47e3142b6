// A finished or stopped run's model, judged on data.
import { createLoader, readDataSet, type Samples } from "../data/index.js";
import { didYouMean, InputError } from "../errors.js";
import {
  areaUnderRiskCoverage,
  correctness,
  errorAtCoverage,
  expectedCalibrationError,
  softmaxResponse,
} from "../metrics/index.js";
import { chooseDevice, choosePrecision, fromStored, scope } from "../torch/index.js";
import { readCheckpoint } from "./checkpoint.js";
import { evaluateModel } from "./evaluate.js";
import { everyIndex } from "./loop.js";
import { parseRecipe } from "./recipe.js";
import type { ResolvedRecipe } from "./resolve.js";
import { type RunFacts, readRunRecipe } from "./run-folder.js";
import { buildModel } from "./session.js";

export interface EvaluateRunOptions {
  /** Folder or file; its test part is used where it has one, else all of it. The run's own data unless given. */
  readonly data?: string | undefined;
  readonly format?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly precision?: string | undefined;
  readonly device?: string | undefined;
}

export interface RunEvaluation {
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** Error among the share of samples that the network is most sure of, by percent of coverage. */
  readonly errorAtCoverage: Readonly<Record<string, number>>;
  readonly aurc: number;
  readonly ece: number;
  readonly samples: number;
}

/** The labels by the run's class numbers. @throws InputError for a class that the run does not know. */
function relabel(labels: Int32Array, classes: readonly string[], known: readonly string[]): Int32Array {
  const places = classes.map((name) => known.indexOf(name));
  const stranger = classes.find((_, i) => places[i] === -1);
  if (stranger !== undefined) {
    throw new InputError(
      `the data has a class "${stranger}"; the run knows ${known.join(", ")}${didYouMean(stranger, known)}`,
    );
  }
  return labels.map((label) => places[label] as number);
}

async function samplesFor(path: string, format: string | undefined, facts: RunFacts): Promise<Samples> {
  const [, side] = facts.sampleShape;
  const size = facts.sampleShape.length === 3 ? { imageSize: side as number } : {};
  const dataSet = await readDataSet(path, { ...size, ...(format !== undefined && { format }) });
  const samples = dataSet.test ?? dataSet.train;
  const [found, wanted] = [samples.shape.join(" x "), facts.sampleShape.join(" x ")];
  if (found !== wanted) throw new InputError(`the samples of ${path} are ${found}; the run was trained on ${wanted}`);
  return { ...samples, labels: relabel(samples.labels, dataSet.classes, facts.classes) };
}

function checkpointNamed(name: string): "last" | "best" {
  if (name === "last" || name === "best") return name;
  throw new InputError(`--checkpoint: received "${name}"; expected last or best${didYouMean(name, ["last", "best"])}`);
}

/**
 * Accuracy, cross entropy, calibration (15 bins) and error at coverage of a run's model.
 * @throws InputError when the run, its checkpoint or the data cannot be used.
 */
export async function evaluateRun(run: string, options: EvaluateRunOptions = {}): Promise<RunEvaluation> {
  const { recipe, facts } = readRunRecipe(run);
  const asked = parseRecipe({
    ...recipe,
    ...(options.precision !== undefined && { precision: options.precision }),
    ...(options.device !== undefined && { device: options.device }),
  });
  const { tensors } = readCheckpoint(run, checkpointNamed(options.checkpoint ?? "last"));
  const samples = await samplesFor(options.data ?? recipe.data, options.format, facts);
  const device = chooseDevice(asked.device);
  const precision = choosePrecision(asked.precision, device);
  const dtype = precision === "float64" ? "float64" : "float32";
  const model = buildModel(asked as ResolvedRecipe, facts.classes.length, facts.sampleShape, dtype, device);
  scope(() => model.loadStateDict(fromStored(tensors.model)));
  const loader = createLoader({ samples, normalisation: facts.normalisation, device, dtype });
  const { logits, labels, loss, accuracy } = await evaluateModel({
    model,
    loader,
    indices: everyIndex(samples.labels),
    labels: samples.labels,
    precision,
  });
  const confidence = softmaxResponse(logits, labels.length);
  const correct = correctness(logits, labels);
  return {
    testAccuracy: accuracy,
    testLoss: loss,
    errorAtCoverage: errorAtCoverage(confidence, correct),
    aurc: areaUnderRiskCoverage(confidence, correct),
    ece: expectedCalibrationError(confidence, correct),
    samples: labels.length,
  };
}
