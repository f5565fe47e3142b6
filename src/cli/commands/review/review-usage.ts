// Checks the combination of options of `review`.
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import type { ExportFormat } from "../../../review/index.js";
import { outputFile } from "../../shared/output-file.js";
import type { ReviewOptions } from "./review-options.js";

export type ReviewTask =
  | { readonly kind: "stats" }
  | { readonly kind: "apply"; readonly manifest: string | undefined; readonly pinned: string | undefined }
  | { readonly kind: "export"; readonly format: ExportFormat; readonly file: string };

/** @throws InputError for two actions, and for files without the action that they belong to, or an action without a file. */
export function taskOf(file: string | undefined, options: ReviewOptions): ReviewTask {
  const { apply, outManifest: manifest, outPinned: pinned, export: format } = options;
  const flags = { stats: option("stats"), apply: option("apply"), export: option("export", format ?? "FORMAT FILE") };
  const actions = (["stats", "apply", "export"] as const).filter((name) => options[name]);
  if (actions.length > 1) {
    throw new InputError(`${actions.map((name) => flags[name]).join(" and ")} cannot be combined; expected one`);
  }
  if (format === undefined && file !== undefined) {
    throw new InputError(`${flags.export} names the file to write: received "${file}" without it`);
  }
  const orphan = apply ? undefined : Object.entries({ outManifest: manifest, outPinned: pinned }).find(([, to]) => to);
  if (orphan !== undefined)
    throw new InputError(`${option(orphan[0], orphan[1])} needs ${flags.apply}: received it without`);
  if (apply && (manifest ?? pinned) === undefined) {
    const expected = `${option("outManifest", "FILE")} or ${option("outPinned", "FILE")}`;
    throw new InputError(`${flags.apply} writes files: received none; expected ${expected}`);
  }
  if (apply) return { kind: "apply", manifest, pinned };
  return format === undefined ? { kind: "stats" } : { kind: "export", format, file: exportFile(format, file) };
}

function exportFile(format: ExportFormat, file: string | undefined): string {
  if (file === undefined) throw new InputError(`${option("export", format)} needs a file to write: received none`);
  const { error } = outputFile().safeParse(file);
  if (error === undefined) return file;
  throw new InputError(`${option("export", format)}: received "${file}"; ${error.issues[0]?.message}`);
}
