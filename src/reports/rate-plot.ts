// The loss over the learning rate, as an SVG file.
import type { FoundRate } from "../training/index.js";
import { renderPlot } from "./charts/render-plot.js";

/** The averaged loss of a range test over the rate, on a logarithmic axis; the suggested rate is marked. */
export function ratePlotSvg({ points, suggested }: FoundRate): Promise<string> {
  const rate = { field: "lr", type: "quantitative", scale: { type: "log" }, title: "Learning rate" } as const;
  const curve = {
    data: { values: points.map(({ lr, smoothed }) => ({ lr, loss: smoothed })) },
    mark: "line",
    encoding: { x: rate, y: { field: "loss", type: "quantitative", scale: { zero: false }, title: "Loss" } },
  } as const;
  const mark = {
    data: { values: suggested === null ? [] : [{ lr: suggested }] },
    mark: "rule",
    encoding: { x: rate },
  } as const;
  return renderPlot({ width: 480, height: 280, layer: [curve, mark] });
}
