// How the curves of a chart are told apart: by color and by dashes.
import type { Curve } from "./figures.js";

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2], [1, 2]];

/** The name of a curve's color in the style sheet. */
export const curveColor = (index: number) => `--curve-${(index % 6) + 1}`;

/** The dashes of a curve, in pixels; none is a solid line. */
export const curveDash = (index: number) => DASHES[index % DASHES.length] ?? [];

/** The options of a curve in the plot. */
export function curveStyle({ faint, values }: Curve, index: number, color: (name: string) => string) {
  const stroke = color(faint ? "--edge" : curveColor(index));
  const isPoint = values.filter((value) => value !== null).length < 2;
  return {
    stroke,
    width: faint ? 0.7 : 2,
    dash: faint ? [] : [...curveDash(index)],
    points: { show: isPoint && !faint, size: 6 },
  };
}
