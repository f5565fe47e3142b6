// The vertical line of a chart that says where the targets begin to move.
import type uPlot from "uplot";

export interface Mark {
  /** On the axis of epochs. */
  readonly x: number;
  readonly label: string;
}

/** Draws it, its text at the top. */
export function markLine(plot: uPlot, mark: Mark | null): void {
  const { min, max } = plot.scales.x ?? {};
  if (!mark || min === undefined || min === null || max === undefined || max === null) return;
  if (mark.x < min || mark.x > max) return;
  const { ctx, bbox } = plot;
  const color = getComputedStyle(document.documentElement).getPropertyValue("--soft");
  const x = Math.round(plot.valToPos(mark.x, "x", true));
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  const isRight = x > bbox.left + bbox.width / 2;
  ctx.textAlign = isRight ? "right" : "left";
  ctx.textBaseline = "top";
  ctx.fillText(mark.label, x + (isRight ? -5 : 5) * devicePixelRatio, bbox.top + 2);
  ctx.restore();
}
