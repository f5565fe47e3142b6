// Draws the map: a square a point, class by class, so that each color is set once.
import { classColor } from "./colors.js";
import type { Loop, MapPoints } from "./points.js";
import type { Viewport } from "./viewport.js";

interface Marks {
  readonly classes: number;
  readonly loop: Loop;
  readonly selected: readonly number[];
  /** The class that stands out. */
  readonly highlighted: number | null;
}

export function drawMap(canvas: HTMLCanvasElement, view: Viewport, points: MapPoints, marks: Marks): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const side = sideOf(view, points.size);
  for (const [label, samples] of byClass(points)) {
    context.globalAlpha = marks.highlighted === null || marks.highlighted === label ? 0.8 : 0.08;
    context.fillStyle = classColor(label, marks.classes);
    squares(context, view, points, samples, side);
  }
  context.globalAlpha = 1;
  const ink = getComputedStyle(canvas).color;
  context.fillStyle = ink;
  squares(context, view, points, marks.selected, Math.max(3, side));
  if (marks.loop.length > 1) drawLoop(context, view, marks.loop, ink);
}

/** Small where points are many, larger when zoomed in. */
function sideOf({ width, height, scale }: Viewport, size: number): number {
  const zoom = scale / Math.max(1, Math.min(width, height));
  const side = size > 20_000 ? 1.5 : size > 3_000 ? 2.5 : 4.5;
  return Math.min(7, side * Math.sqrt(Math.max(1, zoom)));
}

const groups = new WeakMap<MapPoints, Map<number, number[]>>();

function byClass(points: MapPoints): Map<number, number[]> {
  const known = groups.get(points);
  if (known) return known;
  const classes = new Map<number, number[]>();
  for (let i = 0; i < points.size; i++) {
    const label = points.labels[i] ?? -1;
    const list = classes.get(label);
    if (list) list.push(i);
    else classes.set(label, [i]);
  }
  groups.set(points, classes);
  return classes;
}

function squares(
  context: CanvasRenderingContext2D,
  view: Viewport,
  { places }: MapPoints,
  samples: readonly number[],
  side: number,
) {
  const { scale, left, top, width, height } = view;
  for (const i of samples) {
    const x = (places[2 * i] as number) * scale + left;
    const y = (places[2 * i + 1] as number) * scale + top;
    if (x > -side && y > -side && x < width + side && y < height + side)
      context.fillRect(x - side / 2, y - side / 2, side, side);
  }
}

function drawLoop(context: CanvasRenderingContext2D, { scale, left, top }: Viewport, loop: Loop, ink: string) {
  context.beginPath();
  for (const [x, y] of loop) context.lineTo(x * scale + left, y * scale + top);
  context.closePath();
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 0.06;
  context.fill();
}
