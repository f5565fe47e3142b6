// A gallery of adversarial examples: clean image, perturbation and adversarial image, with both predictions.

import type { AttackResults } from "../../../evaluation/attack/kept-attacks.js";
import { radiusText } from "../../../format.js";
import { rate } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { holdImages, type Thumbnail, thumbnail } from "../../html/thumbnail.js";
import { attackName, attackTitle } from "./attack-names.js";

type Gallery = NonNullable<AttackResults["pictures"]>;

/** The gallery of an attack; null for samples that are not images. */
export async function attackedGallery({ result, values, shape }: Gallery): Promise<Html | null> {
  const factor = amplification(values);
  const samples = {
    values: Uint8Array.from(values.flatMap((_, i) => (i % 2 === 0 ? triple(values[i]!, values[i + 1]!, factor) : []))),
    shape,
    labels: new Int32Array((3 * values.length) / 2),
  };
  if (!holdImages(samples)) return null;
  const pictures = await Promise.all(Array.from(samples.labels.keys(), (i) => thumbnail(samples, i)));
  const entries = result.gallery.map((shown, i) => entry(shown, pictures.slice(3 * i, 3 * i + 3)));
  return html`<p class="lead">${attackTitle(result)} within ${radiusText(result)}: the clean image, the perturbation (amplified ${rate(factor)} times, around gray) and the adversarial image, with the predictions for both.</p>
<ul class="gallery attacked">\n${entries}</ul>
`;
}

/** The factor that maps the largest perturbation to black or white; 1 if nothing was perturbed. */
function amplification(values: readonly Float32Array[]): number {
  let largest = 0;
  for (let i = 0; i + 1 < values.length; i += 2) {
    const [clean, attacked] = [values[i]!, values[i + 1]!];
    clean.forEach((pixel, k) => {
      largest = Math.max(largest, Math.abs(attacked[k]! - pixel));
    });
  }
  return largest === 0 ? 1 : Number((0.5 / largest).toPrecision(2));
}

const byte = (value: number) => Math.round(255 * Math.min(Math.max(value, 0), 1));

/** The bytes of the three images, one after another. */
function triple(clean: Float32Array, attacked: Float32Array, factor: number): number[] {
  const change = Array.from(clean, (pixel, i) => byte(0.5 + factor * (attacked[i]! - pixel)));
  return [...Array.from(clean, byte), ...change, ...Array.from(attacked, byte)];
}

function entry(
  { index, label, prediction, attack }: Gallery["result"]["gallery"][number],
  pictures: Thumbnail[],
): Html {
  const alts = [`sample ${index}`, "perturbation", "adversarial"];
  const images = pictures.map(
    ({ uri, pixelated }, i) => html`<img src="${uri}" alt="${alts[i]!}"${pixelated ? html` class="pixelated"` : null}>`,
  );
  return html`<li title="sample ${index}: ${label} \u2192 ${prediction}"><div class="triple">${images}</div>
<p><span class="correct">${label}</span> <b class="wrong">\u2192 ${prediction}</b></p>
<p class="note">no. ${index} \u00b7 ${attackName(attack)}</p></li>
`;
}
