// A chart as a file: SVG for a paper, CSV for everything else.
import { csvText } from "../../../csv-text.js";
import { figure, share } from "../ui/text.js";
import { curveDash } from "./curve-style.js";
import type { ChartData, Curve } from "./figures.js";

const SIZE = { width: 720, height: 400 };
const MARGIN = { left: 56, right: 16, top: 36, bottom: 40 };
const COLORS = ["#0072b2", "#d55e00", "#00875f", "#a8558a", "#b87a00", "#2b8cc4"];

/** The figures with a header line; a missing value is empty. */
export function chartCsv({ axis, x, curves }: ChartData): string {
  const columns = [axis, ...curves.map(({ label }) => label)];
  return csvText(
    columns,
    x.map((at, i) => [at, ...curves.map(({ values }) => values[i] ?? null)]),
  );
}

/** A drawing on white, with axes, and the legend below. */
export function chartSvg(
  { title, unit, axis, x, curves }: ChartData,
  mark: { x: number; label: string } | null,
): string {
  const values = curves.flatMap((curve) => curve.values.filter((value) => value !== null));
  const toX = scale([Math.min(0, ...x.slice(0, 1)), x.at(-1) ?? 1], [MARGIN.left, SIZE.width - MARGIN.right]);
  const toY = scale([lowest(values), highest(values)], [SIZE.height - MARGIN.bottom, MARGIN.top]);
  const show = unit === "fraction" ? (value: number) => share(value, 0) : figure;
  const parts = [
    `<text x="${MARGIN.left}" y="20" font-size="15" font-weight="600">${escapeXml(title)}</text>`,
    ...ticks(toY.domain).map((tick) => gridLine(toY.at(tick), show(tick))),
    ...ticks(toX.domain).map((tick) => text(toX.at(tick), SIZE.height - MARGIN.bottom + 18, figure(tick), "middle")),
    text((MARGIN.left + SIZE.width - MARGIN.right) / 2, SIZE.height - 6, axis, "middle"),
    ...(mark ? [markLine(toX.at(mark.x), mark.label)] : []),
    ...curves.map((curve, i) => path(curve, i, x, toX.at, toY.at)),
    ...curves.map(({ label, faint }, i) => legend(label, i, faint ?? false)),
  ];
  const { width } = SIZE;
  const height = SIZE.height + 18 * curves.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#1c2127">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

const lowest = (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value), Infinity);
const highest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), -Infinity);

function scale([from, to]: [number, number], [start, end]: [number, number]) {
  const span = to > from ? to - from : 1;
  return {
    domain: [from, from + span] as const,
    at: (value: number) => start + ((value - from) / span) * (end - start),
  };
}

/** Four to ten round numbers in a range. */
function ticks([from, to]: readonly [number, number]): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function gridLine(y: number, label: string): string {
  const line = `<path d="M${MARGIN.left} ${round(y)}H${SIZE.width - MARGIN.right}" stroke="#dededa"/>`;
  return line + text(MARGIN.left - 6, y + 4, label, "end");
}

function markLine(x: number, label: string): string {
  const line = `<path d="M${round(x)} ${MARGIN.top}V${SIZE.height - MARGIN.bottom}" stroke="#59626d" stroke-dasharray="3 3"/>`;
  return line + text(x + 5, MARGIN.top + 10, label, "start");
}

function path(
  { values, faint }: Curve,
  index: number,
  x: readonly number[],
  toX: (x: number) => number,
  toY: (y: number) => number,
) {
  const points = values.flatMap((value, i) =>
    value === null ? [] : [`${round(toX(x[i] as number))} ${round(toY(value))}`],
  );
  return `<path d="M${points.join("L")}" fill="none" ${stroke(index, faint ?? false)}/>`;
}

function stroke(index: number, faint: boolean): string {
  if (faint) return 'stroke="#8b939c" stroke-width="0.7"';
  return `stroke="${COLORS[index % 6]}" stroke-width="2" stroke-dasharray="${curveDash(index).join(" ")}"`;
}

function legend(label: string, index: number, faint: boolean): string {
  const y = SIZE.height + 10 + 18 * index;
  return `<path d="M${MARGIN.left} ${y - 4}h24" ${stroke(index, faint)}/>${text(MARGIN.left + 32, y, label, "start")}`;
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

const round = (value: number) => Math.round(value * 100) / 100;

const escapeXml = (content: string) =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
