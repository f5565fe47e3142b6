// What `issues` was asked for, checked before anything is read.
import { existsSync } from "node:fs";
import { dirname, extname } from "node:path";
import { InputError } from "../../../errors.js";
import type { SharedOptions } from "../../shared/shared-options.js";

type ProbabilityFlag = string | true;

export interface IssuesFlags extends SharedOptions {
  readonly data?: string;
  readonly format?: string;
  readonly labels?: string;
  readonly predProbs?: string;
  readonly top?: string;
  readonly class?: string;
  readonly csv?: string;
  readonly jsonl?: string;
  readonly health?: string;
  readonly outManifest?: string;
  readonly drop?: ProbabilityFlag;
  readonly relabel?: ProbabilityFlag;
  readonly device: string;
}

/** A corrected manifest that is to be written. */
export interface Correction {
  readonly file: string;
  readonly action: "drop" | "relabel";
  /** The least P(wrong) that is acted upon; null for the default. */
  readonly least: number | null;
}

/** Whose judgement it is: a run's, or that of probabilities in a file, with the labels that they are to judge. */
export type Judge =
  | { readonly run: string; readonly data: string | undefined; readonly device: string }
  | {
      readonly probabilities: string;
      readonly data: string | undefined;
      readonly format: string | undefined;
      readonly labels: string | undefined;
    };

export interface IssuesUsage extends SharedOptions {
  readonly judge: Judge;
  readonly top: number | null;
  readonly className: string | undefined;
  readonly csv: string | undefined;
  readonly jsonl: string | undefined;
  readonly health: string | undefined;
  readonly correction: Correction | null;
}

/** @throws InputError for what is missing, excludes each other or is out of range. */
export function readUsage(run: string | undefined, flags: IssuesFlags): IssuesUsage {
  const { csv, jsonl, health, outManifest, json, threads } = flags;
  requireFolders({ "--csv": csv, "--jsonl": jsonl, "--health": health, "--out-manifest": outManifest });
  if (health !== undefined && extname(health) !== ".json") {
    throw new InputError(`--health: received "${health}"; expected a name that ends in .json`);
  }
  return {
    judge: judgeOf(run, flags),
    top: topOf(flags.top),
    className: flags.class,
    correction: correctionOf(flags),
    csv,
    jsonl,
    health,
    json,
    ...(threads !== undefined && { threads }),
  };
}

/** @throws InputError for a file that has no folder to lie in: before the work, not after it. */
function requireFolders(files: Readonly<Record<string, string | undefined>>): void {
  for (const [flag, file] of Object.entries(files)) {
    if (file === "") throw new InputError(`${flag}: received an empty name; expected a file`);
    if (file !== undefined && !existsSync(dirname(file))) {
      throw new InputError(`${flag}: received "${file}"; expected a file in a folder that exists`);
    }
  }
}

function judgeOf(run: string | undefined, { predProbs, data, format, labels, device }: IssuesFlags): Judge {
  if (predProbs === undefined) {
    if (run === undefined) {
      throw new InputError("issues needs a run: received none; expected a run folder, or --pred-probs FILE");
    }
    const [stray] = Object.entries({ "--labels": labels, "--format": format }).filter(
      ([, value]) => value !== undefined,
    );
    if (stray !== undefined) {
      throw new InputError(
        `${stray[0]}: received ${stray[1]} with a run, which knows its own; it goes with --pred-probs`,
      );
    }
    return { run, data, device };
  }
  if (run !== undefined) {
    throw new InputError(`--pred-probs and a run exclude each other: received ${predProbs} and ${run}`);
  }
  if (data === undefined && labels === undefined) {
    throw new InputError(
      "--pred-probs needs the labels to judge: received none; expected --data DATA or --labels FILE",
    );
  }
  return { probabilities: predProbs, data, format, labels };
}

function topOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const top = Number(text);
  if (Number.isSafeInteger(top) && top >= 1) return top;
  throw new InputError(`--top: received "${text}"; expected a whole number of at least 1`);
}

function correctionOf({ outManifest: file, drop, relabel }: IssuesFlags): Correction | null {
  if (drop !== undefined && relabel !== undefined) {
    throw new InputError("--drop and --relabel exclude each other: received both; expected one");
  }
  const action = drop === undefined ? "relabel" : "drop";
  const asked = drop ?? relabel;
  if (file === undefined) {
    if (asked === undefined) return null;
    throw new InputError(
      `--${action} needs --out-manifest FILE: received none; expected where the corrected list goes`,
    );
  }
  if (asked === undefined) {
    throw new InputError("--out-manifest needs to know what to do with suspect samples: expected --drop or --relabel");
  }
  if (![".csv", ".jsonl"].includes(extname(file))) {
    throw new InputError(`--out-manifest: received "${file}"; expected a name that ends in .csv or .jsonl`);
  }
  return { file, action, least: asked === true ? null : leastOf(action, asked) };
}

function leastOf(action: string, text: string): number {
  const least = text.trim() === "" ? Number.NaN : Number(text);
  if (least >= 0 && least <= 1) return least;
  throw new InputError(`--${action}: received "${text}"; expected a probability from 0 to 1, or none`);
}
