// A finished or stopped run's model, judged on data.
import { resolve } from "node:path";
import {
  createLoader,
  type DataOptions,
  type DataSet,
  fingerprint,
  readDataSet,
  type Samples,
  withTestPart,
} from "../data/index.js";
import { didYouMean, InputError } from "../errors.js";
import {
  areaUnderRiskCoverage,
  correctness,
  errorAtCoverage,
  expectedCalibrationError,
  softmaxResponse,
} from "../metrics/index.js";
import { readCheckpoint } from "./checkpoint.js";
import { type Evaluation, evaluateModel, everyIndex } from "./evaluate.js";
import { type RunRecipe, readRunRecipe } from "./run-folder.js";
import { type ComputeOptions, openRunModel } from "./run-model.js";

export interface EvaluateRunOptions extends ComputeOptions {
  /** Folder or file; its test part is used where it has one, else all of it. The run's own data unless given. */
  readonly data?: string | undefined;
  readonly format?: string | undefined;
  /** Labels of data that carries none. */
  readonly labels?: string | undefined;
  readonly checkpoint?: string | undefined;
}

export interface RunEvaluation {
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** Error among the share of samples that the network is most sure of, by percent of coverage. */
  readonly errorAtCoverage: Readonly<Record<string, number>>;
  readonly aurc: number;
  readonly ece: number;
  readonly samples: number;
  /** What was evaluated: the data's test part, or all of it. */
  readonly part: "test" | "all";
  /** What the user should be told once. */
  readonly notes: readonly string[];
}

/** What a run's model is judged on. */
interface Judged extends Pick<RunEvaluation, "part" | "notes"> {
  readonly samples: Samples;
}

/** The labels by the run's class numbers. @throws InputError for a class that the run does not know. */
function relabel(labels: Int32Array, classes: readonly string[], known: readonly string[]): Int32Array {
  const places = classes.map((name) => known.indexOf(name));
  const stranger = classes.find((_, i) => places[i] === -1);
  if (stranger !== undefined) {
    throw new InputError(
      `the data has a class "${stranger}", which is none of the run's ${known.length}${didYouMean(stranger, known)}`,
    );
  }
  return labels.map((label) => places[label] as number);
}

function readOptions(own: boolean, options: EvaluateRunOptions, { recipe, facts }: RunRecipe): DataOptions {
  const format = options.format ?? (own ? recipe.format : undefined);
  const labelsFile = options.labels ?? (own ? recipe.labels : undefined);
  return {
    strict: recipe.strict,
    singleClass: true,
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
    ...(facts.sampleShape.length === 3 && { imageSize: facts.sampleShape[1] as number }),
  };
}

/** Whether a test part was set apart from this very data for the run, wherever the data lies now. */
function isOf({ recipe, facts }: RunRecipe, own: boolean, data: DataSet): boolean {
  return recipe.testFraction !== undefined && (own || fingerprint(data) === facts.fingerprint);
}

async function readJudged(options: EvaluateRunOptions, run: RunRecipe): Promise<Judged> {
  const { recipe, facts } = run;
  const path = options.data ?? recipe.data;
  const own = resolve(path) === resolve(recipe.data);
  const data = await readDataSet(path, readOptions(own, options, run));
  const { test, train, classes, notes } = isOf(run, own, data) ? withTestPart(data, recipe.testFraction) : data;
  const samples = test ?? train;
  const [found, wanted] = [samples.shape.join(" x "), facts.sampleShape.join(" x ")];
  if (found !== wanted) throw new InputError(`the samples of ${path} are ${found}; the run was trained on ${wanted}`);
  return {
    samples: { ...samples, labels: relabel(samples.labels, classes, facts.classes) },
    part: test === null ? "all" : "test",
    notes:
      own && test === null ? [...notes, "these samples are not new to the model: the run was trained on them"] : notes,
  };
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
  const own = readRunRecipe(run);
  const checkpoint = readCheckpoint(run, checkpointNamed(options.checkpoint ?? "last"));
  const { samples, part, notes } = await readJudged(options, own);
  const { model, classes, device, dtype, compute, release } = openRunModel(own, checkpoint, options);
  const loader = createLoader({ samples, normalisation: own.facts.normalisation, device, dtype });
  try {
    const indices = everyIndex(samples.labels);
    const evaluation = await evaluateModel({ model, loader, indices, labels: samples.labels, classes, compute });
    return { ...figuresOf(evaluation), part, notes };
  } finally {
    loader.release();
    release();
  }
}

function figuresOf({ logits, labels, loss, accuracy }: Evaluation): Omit<RunEvaluation, "part" | "notes"> {
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
