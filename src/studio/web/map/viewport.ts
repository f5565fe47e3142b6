// Which part of the map the canvas shows.

/** Pixels of the canvas, pixels for one unit of the map, and the pixel where the map's corner is. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

const MARGIN = 14;

/** The whole map, centered. */
export function wholeMap({ width, height }: Viewport): Viewport {
  const scale = Math.max(1, Math.min(width, height) - 2 * MARGIN);
  return { width, height, scale, left: (width - scale) / 2, top: (height - scale) / 2 };
}

/** The map's place under a pixel. */
export function toMap({ scale, left, top }: Viewport, x: number, y: number): readonly [number, number] {
  return [(x - left) / scale, (y - top) / scale];
}

/** Larger by a factor, the place under the pixel staying there. */
export function zoomAt(view: Viewport, factor: number, x: number, y: number): Viewport {
  const smallest = Math.min(view.width, view.height) / 2;
  const scale = Math.min(smallest * 200, Math.max(smallest, view.scale * factor));
  const ratio = scale / view.scale;
  return { ...view, scale, left: x - (x - view.left) * ratio, top: y - (y - view.top) * ratio };
}
