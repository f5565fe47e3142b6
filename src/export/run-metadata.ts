// What an exported file says of the run that it comes from, in strings.
import type { Calibration } from "../runs/calibration.js";
import type { RunRecipe } from "../runs/index.js";
import { version } from "../version.js";
import { inputOf } from "./model-input.js";

/** The entries `selfadapt.*`; all but the first three and the score hold JSON. */
export function runMetadata(
  { recipe, facts }: RunRecipe,
  score: string,
  calibration: Calibration | null,
): Record<string, string> {
  const entries = {
    version,
    model: recipe.model ?? "",
    objective: recipe.objective,
    classes: JSON.stringify(facts.classes),
    input: JSON.stringify(inputOf(facts.sampleShape)),
    normalisation: JSON.stringify(facts.normalisation),
    score,
    calibration: JSON.stringify(calibration),
  };
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [`selfadapt.${key}`, value]));
}
