// A run's model as files that other programs read.

import { resolve } from "node:path";
import { writeAllAtomic } from "../atomic-files.js";
import { InputError } from "../errors.js";
import { nativeScore } from "../methods/index.js";
import type { OutputScore } from "../metrics/index.js";
import { option, parseOptions } from "../options/index.js";
import { type LoadedCheckpoint, readCheckpoint } from "../runs/checkpoint.js";
import { readClassifierRecipe } from "../runs/classifier-recipe.js";
import { type Calibration, readCalibration } from "../runs/files/calibration.js";
import type { RunRecipe } from "../runs/index.js";
import { openRunModel } from "../runs/model/open-model.js";
import { type StoredDict, writePth, writeSafetensors } from "../torch/serialization/index.js";
import { type ExportRunOptions, exportOptions } from "./export-options.js";
import { toOnnx } from "./onnx.js";
import { runMetadata } from "./run-metadata.js";

const forms = ["onnx", "safetensors", "pth"] as const;

export interface ExportedFile {
  readonly form: (typeof forms)[number];
  readonly file: string;
  readonly bytes: number;
}

export interface RunExport {
  readonly files: readonly ExportedFile[];
  readonly checkpoint: "last" | "best";
  readonly score: string;
  readonly temperature: number;
  /** Answers of less confidence are abstained from; null where the run is not calibrated. */
  readonly threshold: number | null;
}

/** A run opened for export. */
interface Source {
  readonly run: string;
  readonly own: RunRecipe;
  /** Of this checkpoint. */
  readonly calibration: Calibration | null;
  readonly name: "last" | "best";
  readonly checkpoint: LoadedCheckpoint;
  readonly score: string;
  /** The averaged ones, where there are some. */
  readonly weights: StoredDict;
}

/**
 * Writes a run's model into files: `exportRun("runs/photos-sat-1", { onnx: "photos.onnx" })`. Files are written only if all can
 * be made; each is written under a temporary name and then renamed.
 * @throws InputError for a run, checkpoint or calibration that cannot be exported so, and files that cannot be written.
 */
export function exportRun(run: string, options: ExportRunOptions): RunExport {
  const { checkpoint, ...files } = parseOptions(exportOptions, options);
  const targets = targetsOf(files);
  const source = openSource(run, checkpoint);
  const contents = targets.map(({ form, file }) => ({ form, file, bytes: writers[form](source) }));
  writeAllAtomic(contents);
  const { name, score, calibration } = source;
  return {
    files: contents.map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.length })),
    checkpoint: name,
    score,
    temperature: calibration?.temperature ?? 1,
    threshold: calibration?.threshold ?? null,
  };
}

function targetsOf(files: Omit<ExportRunOptions, "checkpoint">) {
  const targets = forms.flatMap((form) => {
    const file = files[form];
    return file === undefined ? [] : [{ form, file }];
  });
  if (targets.length === 0)
    throw new InputError(
      `nothing to export; expected ${option("onnx")}, ${option("safetensors")} or ${option("pth", "FILE")}`,
    );
  const twice = targets.find(({ file }, i) => targets.findIndex((other) => resolve(other.file) === resolve(file)) < i);
  if (twice !== undefined)
    throw new InputError(`${option(twice.form)}: ${twice.file} is named twice; expected another file`);
  return targets;
}

function openSource(run: string, requested: "last" | "best" | undefined): Source {
  const own = readClassifierRecipe(run);
  const known = readCalibration(run);
  const name = requested ?? known?.checkpoint ?? "last";
  const checkpoint = readCheckpoint(run, name);
  const calibration = known?.checkpoint === name ? known : null;
  const { ema, model } = checkpoint.tensors;
  const score = calibration?.score ?? nativeScore(own.recipe.objective);
  return { run, own, calibration, name, checkpoint, score, weights: ema.size > 0 ? ema : model };
}

const writers: Readonly<Record<ExportedFile["form"], (source: Source) => Uint8Array>> = {
  onnx: onnxOf,
  safetensors: ({ own, score, calibration, weights }) =>
    writeSafetensors(weights, runMetadata(own, score, calibration)),
  pth: ({ weights }) => writePth(weights),
};

/** In float32, whatever the run trained in. */
function onnxOf({ run, own, calibration, name, checkpoint, score: chosen }: Source): Uint8Array {
  const score = requireOutputScore(run, chosen);
  requireCalibrated(run, name, readCalibration(run));
  const { model, release } = openRunModel(own, checkpoint, { precision: "fp32", kernels: "stock", device: "cpu" });
  const { classes, sampleShape, normalization } = own.resolved;
  const metadata = runMetadata(own, score, calibration);
  const { temperature = 1, threshold = null } = calibration ?? {};
  try {
    return toOnnx(model, {
      classes: classes.length,
      sampleShape,
      normalization,
      score,
      temperature,
      threshold,
      metadata,
    });
  } finally {
    release();
  }
}

function requireOutputScore(run: string, score: string): OutputScore {
  if (score !== "mc-dropout") return score as OutputScore;
  throw new InputError(
    `${run} is calibrated by mc-dropout, whose random passes no model file makes; calibrate it by another score, or predict with the run folder`,
  );
}

/** @throws InputError when the threshold was calibrated for another checkpoint. */
function requireCalibrated(run: string, name: string, calibration: Calibration | null): void {
  if (calibration === null || calibration.checkpoint === name) return;
  const { checkpoint } = calibration;
  throw new InputError(
    `${option("checkpoint")}: received ${name}, but ${run} is calibrated for ${checkpoint}; expected ${checkpoint}, or calibrate ${name} first`,
  );
}
