// The matrix in a study's JSON: cell, standard error and paired difference of every row, and the best method of every condition.
import { standardErrorOf } from "../../../metrics/index.js";
import { lastEpoch } from "../statistics.js";
import type { StudyResults, StudyRowResults } from "../types.js";
import { accuracyDifference, matrixParts, rankings } from "./comparison.js";

/** The figures of a row that only a matrix has; none for rows of other studies. */
export function cellJson({ matrix, rows }: StudyResults, row: StudyRowResults) {
  if (row.cell === undefined || matrix === null) return {};
  const { part, condition } = row.cell;
  const baseline = rows.find(
    ({ cell }) => cell?.part === part && cell.condition === condition && cell.method === matrix.baseline,
  );
  const spread = lastEpoch(row);
  return {
    ...row.cell,
    standardError: spread === null ? null : standardErrorOf(spread),
    difference: baseline === undefined ? null : accuracyDifference(row, baseline),
  };
}

/** The best method under each condition of each part. */
export const bestJson = (results: StudyResults) =>
  matrixParts(results).flatMap((part) => rankings(part).map((ranking) => ({ part: part.name, ...ranking })));
