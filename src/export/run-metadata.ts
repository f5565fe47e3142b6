// The metadata of an exported file: strings about its run.
import type { Calibration } from "../runs/files/calibration.js";
import type { RunRecipe } from "../runs/index.js";
import { version } from "../version.js";
import { inputOf } from "./model-input.js";

/** The entries `selfadapt.*`; all but the first three and the score hold JSON. */
export function runMetadata(
  { recipe, resolved }: RunRecipe,
  score: string,
  calibration: Calibration | null,
): Record<string, string> {
  const entries = {
    version,
    model: recipe.model ?? "",
    objective: recipe.objective,
    classes: JSON.stringify(resolved.classes),
    input: JSON.stringify(inputOf(resolved.sampleShape, resolved.normalization.pixelRange, resolved.depthRanges)),
    normalization: JSON.stringify(resolved.normalization),
    score,
    calibration: JSON.stringify(calibration),
  };
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [`selfadapt.${key}`, value]));
}
