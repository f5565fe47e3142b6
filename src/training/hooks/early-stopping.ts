// When training is over: after its last epoch, or when the validation accuracy has stopped improving.
import type { Progress } from "../../runs/progress.js";
import type { Recipe } from "../../runs/recipe/schema.js";

type Ending = Pick<Recipe, "epochs" | "evalEvery" | "patience">;

/** Whether an epoch ends with an evaluation. */
export function isEvaluated(epoch: number, { evalEvery, epochs }: Ending): boolean {
  return (epoch + 1) % evalEvery === 0 || epoch + 1 === epochs;
}

/** After the last epoch, or when the evaluation of the epoch before ended the patience. */
export function isOver({ epoch, best }: Progress, recipe: Ending): boolean {
  if (epoch >= recipe.epochs) return true;
  if (recipe.patience === undefined || best === null || !isEvaluated(epoch - 1, recipe)) return false;
  return epoch - 1 - best.epoch >= recipe.patience;
}

/** Why a run ended before its last epoch; null where it did not. */
export function stoppedEarly({ epoch, best }: Progress, { epochs, patience }: Ending): string | null {
  if (epoch >= epochs) return null;
  const stale = `no better validation accuracy for ${patience} epochs or more; the best was epoch ${best?.epoch}`;
  return `stopped after epoch ${epoch - 1}: ${stale}`;
}
