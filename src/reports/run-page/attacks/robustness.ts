// Robustness of a run: accuracy by radius and by epoch, a table of attacks, and a gallery of adversarial examples.
import type { AttackResults } from "../../../evaluation/attack/kept-attacks.js";
import { figureGrid } from "../../html/figure.js";
import { type Html, html } from "../../html/html.js";
import { attackTable } from "./attack-table.js";
import { attackedGallery } from "./attacked-gallery.js";
import { epochDrawing, radiusDrawing } from "./robustness-curves.js";

/** The results of all attacks; null without attacks. */
export async function robustness(attacks: AttackResults | null | undefined): Promise<Html | null> {
  if (!attacks) return null;
  const { results, series, pictures } = attacks;
  const byRadius = series.filter(({ over }) => over === "epsilon");
  const byEpoch = series.filter(({ over }) => over === "epoch");
  const drawings = [radiusDrawing(byRadius), ...byEpoch.map(epochDrawing)].filter((drawing) => drawing !== null);
  const parts = [
    await figureGrid(drawings),
    attackTable(results),
    pictures === null ? null : await attackedGallery(pictures),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : html`${parts}`;
}
