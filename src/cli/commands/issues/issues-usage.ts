// Checks the combination of options of `issues`.
import { didYouMean, InputError } from "../../../errors.js";
import { type DropReason, dropReasons } from "../../../issues/index.js";
import { layoutOf, option } from "../../../options/index.js";
import type { LabelSource } from "./given-labels.js";
import type { IssuesOptions } from "./issues-options.js";
import type { FeatureSource } from "./labeled-features.js";
import type { ProbabilitySource } from "./labeled-probabilities.js";

/** A corrected manifest to write. */
export interface Correction {
  readonly file: string;
  readonly action: "drop" | "relabel";
  /** The least P(wrong) to correct; null for the default. */
  readonly least: number | null;
  /** Why samples are left out or relabeled. */
  readonly reasons: readonly DropReason[];
}

/** A run, and where its data is now, or other data. */
export interface RunSource extends LabelSource, Pick<IssuesOptions, "part"> {
  readonly run: string;
  readonly skipMissing: boolean;
  readonly device: string;
}

/** Where the evidence comes from: a run, or class probabilities or features in a file together with the given labels. */
export type Source = RunSource | ProbabilitySource | FeatureSource;

/** How given data is read; for a run's data the recipe has this. */
const ofGivenData = ["labels", "format", "fileColumn", "labelColumn", "splitColumn", "trainDir"] as const;

/** @throws InputError for two sources, for none, and for options that need another one. */
export function sourceOf(run: string | undefined, options: IssuesOptions): Source {
  const { predProbs, features, data, format, labels, classes, part, skipMissing, device } = options;
  const file = predProbs ?? features;
  if (file === undefined) {
    if (run === undefined) {
      const expected = `a run folder, ${option("predProbs", "FILE")} or ${option("features", "FILE")}`;
      throw new InputError(`issues needs a run: received none; expected ${expected}`);
    }
    const refused = [...(data === undefined ? ofGivenData : []), "classes" as const].find(
      (name) => options[name] !== undefined,
    );
    if (refused !== undefined) {
      const expected = option(refused === "classes" ? "predProbs" : "data");
      throw new InputError(`${option(refused)}: received ${options[refused]} with a run; use it with ${expected}`);
    }
    return { run, data, format, labels, layout: layoutOf(options), part, skipMissing, device };
  }
  const flag = option(predProbs === undefined ? "features" : "predProbs");
  if (predProbs !== undefined && features !== undefined) {
    throw new InputError(`${flag} and ${option("features")} cannot be combined: received ${predProbs} and ${features}`);
  }
  const ofRun = skipMissing ? "skipMissing" : part && "part";
  if (ofRun) throw new InputError(`${option(ofRun)} is for runs: received it with ${flag}`);
  if (run !== undefined) throw new InputError(`${flag} and a run cannot be combined: received ${file} and ${run}`);
  if (data === undefined && labels === undefined) {
    const expected = `${option("data", "DATA")} or ${option("labels", "FILE")}`;
    throw new InputError(`${flag} needs the given labels: received none; expected ${expected}`);
  }
  const given = { data, format, labels, layout: layoutOf({ ...options, classes: undefined }) };
  if (predProbs !== undefined) return { probabilities: predProbs, ...given, classes };
  if (classes === undefined) return { features: file, ...given };
  throw new InputError(`${option("classes")} names the columns of ${option("predProbs")}: received it with ${flag}`);
}

/** @throws InputError for a manifest without an action, an action without a manifest, two actions, and unknown reasons. */
export function correctionOf({ outManifest: file, drop, relabel, part }: IssuesOptions): Correction | null {
  const [dropFlag, relabelFlag] = [option("drop"), option("relabel")];
  if (drop !== undefined && relabel !== undefined) {
    throw new InputError(`${dropFlag} and ${relabelFlag} cannot be combined: received both; expected one`);
  }
  const action = drop === undefined ? "relabel" : "drop";
  const given = drop ?? relabel;
  if (file === undefined) {
    if (given === undefined) return null;
    throw new InputError(`${option(action)} needs ${option("outManifest", "FILE")}: received none`);
  }
  if (given === undefined) {
    throw new InputError(`${option("outManifest")} needs a correction: expected ${dropFlag} or ${relabelFlag}`);
  }
  if (part === "test") {
    throw new InputError(`${option(action)} corrects training data: received ${option("part", part)}; expected train`);
  }
  const reasons = typeof given === "string" ? reasonsOf(given) : (["label"] as const);
  return { file, action, least: typeof given === "number" ? given : null, reasons };
}

/** @throws InputError for an unknown reason. */
function reasonsOf(given: string): DropReason[] {
  const names = new Set(given.split(",").map((text) => text.trim()));
  return Array.from(names, (name) => {
    const reason = dropReasons.find((known) => known === name);
    if (reason !== undefined) return reason;
    const known = dropReasons.join(", ");
    throw new InputError(
      `${option("drop")}: received ${JSON.stringify(name)}; expected a probability from 0 to 1, or comma-separated reasons: ${known}${didYouMean(name, dropReasons)}`,
    );
  });
}
