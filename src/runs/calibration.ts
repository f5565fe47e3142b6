// What `calibrate` found for a run: by which score it abstains, and from which confidence on it answers.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.js";
import { scoreNames } from "../metrics/index.js";
import { withWriteErrors, writeFileAtomic } from "./atomic-files.js";

const fraction = () => z.number().min(0).max(1);

/** `calibration.json`, and what an exported model's metadata says of it. */
const calibrationSchema = z
  .strictObject({
    score: z.enum(scoreNames),
    temperature: z.number().positive(),
    /** A sample is answered where its confidence is at least this. */
    threshold: z.number(),
    /** What was asked for: a share answered, or an error among the answered that holds with so much confidence. */
    wanted: z.union([
      z.strictObject({ coverage: fraction() }),
      z.strictObject({ risk: fraction(), confidence: fraction() }),
    ]),
    /** On the data that it was found on; the bound is null where only a coverage was asked for. */
    found: z.strictObject({
      coverage: fraction(),
      risk: fraction(),
      riskBound: fraction().nullable(),
      samples: z.int().min(1),
    }),
    data: z.string(),
    /** Of that data. */
    fingerprint: z.string(),
    checkpoint: z.enum(["last", "best"]),
    /** Forward passes with dropout on, for `mc-dropout`. */
    passes: z.int().min(1).nullable(),
    /** Of this package, when it was found. */
    version: z.string(),
  })
  .readonly();

export type Calibration = z.output<typeof calibrationSchema>;

const calibrationFile = (run: string) => join(run, "calibration.json");

export const isCalibrated = (run: string) => existsSync(calibrationFile(run));

/** A run's calibration, or null where it has none. @throws InputError naming what is not as `calibrate` wrote it. */
export function readCalibration(run: string): Calibration | null {
  const path = calibrationFile(run);
  return existsSync(path) ? parseCalibration(readFileSync(path, "utf8"), path) : null;
}

/** As `readCalibration`, of text that `name` stands for in messages. */
export function parseCalibration(text: string, name: string): Calibration {
  const result = calibrationSchema.safeParse(parseJson(text, name));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new InputError(`${name} is not as calibrate wrote it: ${place}${issue?.message}`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${name} is not as calibrate wrote it: it is no JSON`);
  }
}

/** Replaces a run's calibration. @throws InputError when it cannot be written; the old one then stays. */
export function writeCalibration(run: string, calibration: Calibration): void {
  writeFileAtomic(calibrationFile(run), `${JSON.stringify(calibration, null, 2)}\n`);
}

/** Takes away the calibration of weights that are about to change; says whether there was one. */
export function deleteCalibration(run: string): boolean {
  const existed = isCalibrated(run);
  withWriteErrors(calibrationFile(run), () => rmSync(calibrationFile(run), { force: true }));
  return existed;
}
