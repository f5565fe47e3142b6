// The points of the map, found fast: inside a loop, or nearest to the pointer.
import Flatbush from "flatbush";

export interface MapPoints {
  readonly size: number;
  /** The number of each sample: where parts are split, a row is not the number. */
  readonly samples: Int32Array;
  /** x and y of each sample, interleaved, from 0 to 1. */
  readonly places: Float32Array;
  /** The class number of each sample; negative without a label. */
  readonly labels: Int32Array;
  readonly index: Flatbush | null;
}

/** The points in the server's bytes, a row each. */
export function pointsOf(places: ArrayBuffer, labels: ArrayBuffer, samples: ArrayBuffer): MapPoints {
  const at = new Float32Array(places);
  const size = at.length / 2;
  const index = size > 0 ? new Flatbush(size) : null;
  for (let i = 0; i < size; i++) index?.add(at[2 * i] as number, at[2 * i + 1] as number);
  index?.finish();
  return { size, places: at, labels: new Int32Array(labels), samples: new Int32Array(samples), index };
}

/** A closed loop: x and y of its corners, in the map's units. */
export type Loop = readonly (readonly [x: number, y: number])[];

/** The rows inside a loop, by the even-odd rule. */
export function inside({ places, index }: MapPoints, loop: Loop): number[] {
  if (loop.length < 3) return [];
  const [xs, ys] = [loop.map(([x]) => x), loop.map(([, y]) => y)];
  const near = index?.search(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)) ?? [];
  return near.filter((i) => contains(loop, places[2 * i] as number, places[2 * i + 1] as number)).sort((a, b) => a - b);
}

function contains(loop: Loop, x: number, y: number): boolean {
  let isInside = false;
  for (const [i, [ax, ay]] of loop.entries()) {
    const [bx, by] = loop.at(i - 1) as readonly [number, number];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  }
  return isInside;
}

/** The row nearest to a place, within a distance; null where there is none. */
export function nearest({ index }: MapPoints, x: number, y: number, distance: number): number | null {
  return index?.neighbors(x, y, 1, distance)[0] ?? null;
}
