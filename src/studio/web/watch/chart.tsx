// A chart of curves over epochs that grows in place.
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { download } from "../ui/download.js";
import { Empty } from "../ui/pending.js";
import { figure, share } from "../ui/text.js";
import { chartCsv, chartSvg } from "./chart-files.js";
import { CurveLegend } from "./curve-legend.js";
import { curveStyle } from "./curve-style.js";
import { CurveTable } from "./curve-table.js";
import type { ChartData } from "./figures.js";
import { type Mark, markLine } from "./mark-line.js";

interface Props {
  readonly chart: ChartData;
  /** A vertical line, and what it means. */
  readonly mark: Mark | null;
  /** The name that downloads start with. */
  readonly name: string;
}

const HEIGHT = 220;

export function Chart({ chart, mark, name }: Props) {
  const asTable = useSignal(false);
  const cursor = useSignal<number | null>(null);
  const file = `${name.replaceAll("/", "-")}-${chart.id}`;
  const last = chart.curves.map(({ label, values }) => `${label} ${format(chart)(values.findLast((v) => v !== null))}`);
  return (
    <section class="card chart">
      <header>
        <h2>{chart.title}</h2>
        <span class="space" />
        <button
          type="button"
          class="quiet"
          aria-pressed={asTable.value}
          onClick={() => {
            asTable.value = !asTable.value;
          }}
        >
          Table
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => download(`${file}.svg`, "image/svg+xml", chartSvg(chart, mark))}
        >
          SVG
        </button>
        <button type="button" class="quiet" onClick={() => download(`${file}.csv`, "text/csv", chartCsv(chart))}>
          CSV
        </button>
      </header>
      {asTable.value ? (
        <CurveTable chart={chart} />
      ) : chart.x.length === 0 ? (
        <Empty>Nothing logged yet</Empty>
      ) : (
        <>
          <div role="img" aria-label={`${chart.title}: ${last.join(", ")}`}>
            <Plot chart={chart} mark={mark} cursor={cursor} />
          </div>
          <CurveLegend chart={chart} at={cursor} />
        </>
      )}
    </section>
  );
}

interface PlotProps extends Omit<Props, "name"> {
  /** The index under the cursor. */
  readonly cursor: Signal<number | null>;
}

function Plot({ chart, mark, cursor }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = chart.curves.map(({ label }) => label).join("|");
  const markNow = useRef(mark);
  markNow.current = mark;
  // Made again when its curves are others, not when they grow.
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const hooks: uPlot.Hooks.Arrays = {
      draw: [(drawn) => markLine(drawn, markNow.current)],
      setCursor: [
        ({ cursor: { idx } }) => {
          cursor.value = idx ?? null;
        },
      ],
    };
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(chart, element.clientWidth, hooks), dataOf(chart), element);
    };
    make();
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", make);
    return () => {
      scheme.removeEventListener("change", make);
      resize.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => setData(plot.current, dataOf(chart)), [chart]);
  return <div ref={host} class="plot" />;
}

/** New data keep the part that the reader has zoomed to. */
function setData(plot: uPlot | null, data: uPlot.AlignedData) {
  if (!plot) return;
  const [x] = plot.data;
  const { min, max } = plot.scales.x ?? {};
  const isZoomed = typeof min === "number" && x.length > 1 && (min !== x[0] || max !== x.at(-1));
  plot.setData(data, !isZoomed);
  if (isZoomed) plot.redraw();
}

function dataOf({ x, curves }: ChartData): uPlot.AlignedData {
  return [[...x], ...curves.map(({ values }) => [...values])];
}

const format = ({ unit }: ChartData) => (unit === "fraction" ? share : figure);

function optionsOf(chart: ChartData, width: number, hooks: uPlot.Hooks.Arrays): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color("--soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${color("--font")}`,
  };
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key: chart.axis }, drag: { x: true, y: false }, points: { size: 6 } },
    scales: { x: { time: false } },
    legend: { show: false },
    padding: [8, 8, 0, 0],
    axes: [
      { ...axis, size: 28, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : "")) },
      {
        ...axis,
        size: 52,
        values: (_, ticks) => ticks.map((tick) => (chart.unit === "fraction" ? share(tick, 0) : figure(tick))),
      },
    ],
    series: [
      {},
      ...chart.curves.map((curve, i) => ({
        ...curveStyle(curve, i, color),
        label: curve.label,
        spanGaps: true,
      })),
    ],
    hooks,
  };
}
