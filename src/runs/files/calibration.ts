// `calibration.json`: the score by which a run abstains, and the threshold from which it accepts a prediction.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { withWriteErrors, writeFileAtomic } from "../../atomic-files.js";
import { InputError } from "../../errors.js";
import { scoreNames } from "../../metrics/index.js";

const fraction = () => z.number().min(0).max(1);

/** `calibration.json`, and the entry `selfadapt.calibration` in the metadata of an exported model. */
const calibrationSchema = z
  .strictObject({
    score: z.enum(scoreNames),
    temperature: z.number().positive(),
    /** A prediction is accepted when its confidence is at least this. */
    threshold: z.number(),
    /** The target: a coverage, or an error rate of accepted samples that is guaranteed with this confidence. */
    target: z.union([
      z.strictObject({ coverage: fraction() }),
      z.strictObject({ risk: fraction(), confidence: fraction() }),
    ]),
    /** On the calibration data. The bound is null when the target is a coverage. */
    achieved: z.strictObject({
      coverage: fraction(),
      risk: fraction(),
      riskBound: fraction().nullable(),
      samples: z.int().min(1),
    }),
    data: z.string(),
    /** Of the calibration data. */
    fingerprint: z.string(),
    checkpoint: z.enum(["last", "best"]),
    /** Forward passes of `mc-dropout`; null for other scores. */
    passes: z.int().min(1).nullable(),
    /** Version of this package that wrote the file. */
    version: z.string(),
  })
  .readonly();

export type Calibration = z.output<typeof calibrationSchema>;

const calibrationFile = (run: string) => join(run, "calibration.json");

export const isCalibrated = (run: string) => existsSync(calibrationFile(run));

/** A run's calibration, or null when it has none. @throws InputError that names the first invalid entry. */
export function readCalibration(run: string): Calibration | null {
  const path = calibrationFile(run);
  return existsSync(path) ? parseCalibration(readFileSync(path, "utf8"), path) : null;
}

/** Parses the text of a calibration; `name` is its name in messages. */
export function parseCalibration(text: string, name: string): Calibration {
  const result = calibrationSchema.safeParse(parseJson(text, name));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new InputError(`${name} was not written by calibrate: ${place}${issue?.message}`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${name} was not written by calibrate: it is not JSON`);
  }
}

/** Replaces a run's calibration, atomically. @throws InputError when it cannot be written. */
export function writeCalibration(run: string, calibration: Calibration): void {
  writeFileAtomic(calibrationFile(run), `${JSON.stringify(calibration, null, 2)}\n`);
}

/** Deletes the calibration of weights that are about to change; returns whether there was one. */
export function deleteCalibration(run: string): boolean {
  const existed = isCalibrated(run);
  withWriteErrors(calibrationFile(run), () => rmSync(calibrationFile(run), { force: true }));
  return existed;
}
