// The rows of a study that the user chooses.
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import { type StudyRow, slugOf } from "./expand.js";

/**
 * The rows that `--only` names, by name, folder, series, or `axis=value`, and those of a matrix by part, condition or method, or
 * by several of these: `part/method`. All of them without it.
 * @throws InputError for a name that matches no row.
 */
export function selectRows(rows: readonly StudyRow[], axis: string | undefined, only?: readonly string[]): StudyRow[] {
  if (only === undefined) return [...rows];
  const names = rows.map((row) => namesOf(row, axis));
  const known = [...new Set(names.flat())];
  const has = (own: readonly string[], word: string) => word.split("/").every((name) => own.includes(name));
  const unknown = only.find((word) => !names.some((own) => has(own, word)));
  if (unknown !== undefined) {
    throw new InputError(
      `${option("only")}: received "${unknown}"; expected ${known.join(", ")}${didYouMean(unknown, known)}`,
    );
  }
  return rows.filter((_, i) => only.some((word) => has(names[i]!, word)));
}

function namesOf({ slug, series, at, cell }: StudyRow, axis: string | undefined): string[] {
  if (cell !== undefined) return Object.values(cell).map(slugOf);
  return series === undefined ? [slug] : [slug, slugOf(series), `${axis}=${at}`];
}
