// The headline figure of wrong labels.
import { percent } from "../../../format.js";
import type { Findings } from "../../../issues/findings.js";
import { unknownReason } from "../../../issues/labels/rate/noise-rate.js";
import { count } from "../../html/format.js";
import type { Tile } from "../../html/page.js";

/** The estimated fraction with its interval, and the true one where it is known. */
export function findingTile({ noiseRate, evaluated }: Findings, noise: number | null): Tile {
  const { estimate, low, high } = noiseRate;
  const range = `${percent(low)} to ${percent(high)}`;
  const note = noise === null ? `${range} of ${count(evaluated)} labels` : `${range}; actually ${percent(noise)}`;
  const value = unknownReason(noiseRate) === null ? percent(estimate) : "unknown";
  return { name: "Likely label errors", value, note };
}
