// The figures of a chart as a table, the latest on top.
import { figure, share } from "../ui/text.js";
import type { ChartData } from "./figures.js";

const ROWS = 200;

export function CurveTable({ chart }: { chart: ChartData }) {
  const show = chart.unit === "fraction" ? share : figure;
  const rows = chart.x.map((x, i) => ({ x, i })).slice(-ROWS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reached by keyboard
    <section class="curve-table" aria-label={`${chart.title}, table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{chart.axis}</th>
            {chart.curves.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(({ x, i }) => (
            <tr key={i}>
              <td>{figure(Math.round(x * 100) / 100)}</td>
              {chart.curves.map(({ label, values }) => (
                <td key={label} class="number">
                  {show(values[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
