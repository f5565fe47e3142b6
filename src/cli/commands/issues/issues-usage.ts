// Checks the combination of options of `issues`.
import { InputError } from "../../../errors.js";
import { layoutOf, option } from "../../../options/index.js";
import type { IssuesOptions } from "./issues-options.js";
import type { ProbabilitySource } from "./labeled-probabilities.js";

/** A corrected manifest to write. */
export interface Correction {
  readonly file: string;
  readonly action: "drop" | "relabel";
  /** The least P(wrong) to correct; null for the default. */
  readonly least: number | null;
}

/** Where the predictions come from: a run, or class probabilities in a file together with the given labels. */
export type Source =
  | {
      readonly run: string;
      readonly data: string | undefined;
      readonly skipMissing: boolean;
      readonly device: string;
    }
  | ProbabilitySource;

/** What says how `data` or `labels` are read; a run has read its data already. */
const onlyWithProbabilities = [
  ...(["labels", "format", "classes"] as const),
  ...(["fileColumn", "labelColumn", "splitColumn", "trainDir"] as const),
];

/** @throws InputError for a run and probabilities, for neither, and for options that need the other. */
export function sourceOf(run: string | undefined, options: IssuesOptions): Source {
  const { predProbs, data, format, labels, classes, skipMissing, device } = options;
  const flag = option("predProbs");
  if (predProbs === undefined) {
    if (run === undefined) {
      throw new InputError(
        `issues needs a run: received none; expected a run folder, or ${option("predProbs", "FILE")}`,
      );
    }
    for (const name of onlyWithProbabilities) {
      if (options[name] === undefined) continue;
      throw new InputError(`${option(name)}: received ${options[name]} with a run; use it with ${flag}`);
    }
    return { run, data, skipMissing, device };
  }
  if (skipMissing) throw new InputError(`${option("skipMissing")} is for runs: received it with ${flag}`);
  if (run !== undefined) throw new InputError(`${flag} and a run exclude each other: received ${predProbs} and ${run}`);
  if (data === undefined && labels === undefined) {
    const expected = `${option("data", "DATA")} or ${option("labels", "FILE")}`;
    throw new InputError(`${flag} needs the given labels: received none; expected ${expected}`);
  }
  return { probabilities: predProbs, data, format, labels, classes, layout: layoutOf(options) };
}

/** @throws InputError for a manifest without an action, an action without a manifest, and for two actions. */
export function correctionOf({ outManifest: file, drop, relabel }: IssuesOptions): Correction | null {
  const [dropFlag, relabelFlag] = [option("drop"), option("relabel")];
  if (drop !== undefined && relabel !== undefined) {
    throw new InputError(`${dropFlag} and ${relabelFlag} exclude each other: received both; expected one`);
  }
  const action = drop === undefined ? "relabel" : "drop";
  const least = drop ?? relabel;
  if (file === undefined) {
    if (least === undefined) return null;
    throw new InputError(`${option(action)} needs ${option("outManifest", "FILE")}: received none`);
  }
  if (least === undefined) {
    throw new InputError(`${option("outManifest")} needs a correction: expected ${dropFlag} or ${relabelFlag}`);
  }
  return { file, action, least: least === true ? null : least };
}
