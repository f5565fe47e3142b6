// The legend of a chart: each curve's line, name and value, at the cursor or the latest.
import type { ReadonlySignal } from "@preact/signals";
import { figure, share } from "../ui/text.js";
import { curveColor, curveDash } from "./curve-style.js";
import type { ChartData } from "./figures.js";

/** `at`: the index under the cursor, or null. */
export function CurveLegend({ chart, at }: { chart: ChartData; at: ReadonlySignal<number | null> }) {
  const show = chart.unit === "fraction" ? share : figure;
  const index = at.value;
  const x = index === null ? undefined : chart.x[index];
  return (
    <ul class="legend">
      {chart.curves.map(({ label, values, faint }, i) => (
        <li key={label}>
          <svg width="22" height="8" aria-hidden="true">
            <line
              x1="0"
              x2="22"
              y1="4"
              y2="4"
              stroke={`var(${faint ? "--edge" : curveColor(i)})`}
              stroke-width={faint ? 1 : 2}
              stroke-dasharray={faint ? "" : curveDash(i).join(" ")}
            />
          </svg>
          {label} <b>{show(index === null ? values.findLast((value) => value !== null) : nearest(values, index))}</b>
        </li>
      ))}
      {x === undefined ? null : (
        <li class="soft">
          {chart.axis}: {figure(Math.round(x * 100) / 100)}
        </li>
      )}
    </ul>
  );
}

/** The value at an index or the last before it: curves of steps and of epochs share an axis. */
function nearest(values: readonly (number | null)[], index: number): number | null {
  for (let i = index; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i] as number;
  return null;
}
