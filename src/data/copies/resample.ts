// Area averages of images.

/** (height, width) -> (side, side): along the rows, then along the columns. */
export function resampling(height: number, width: number, side: number) {
  const [across, down] = [areas(width, side), areas(height, side)];
  const narrow = new Float32Array(height * side);
  return (from: HeldPlane, to: Float32Array) => {
    if (height === side && width === side) return to.set(from);
    for (let y = 0; y < height; y++) {
      across.forEach((area, x) => {
        narrow[y * side + x] = area.reduce((sum, { at, weight }) => sum + weight * from[y * width + at]!, 0);
      });
    }
    down.forEach((area, y) => {
      for (let x = 0; x < side; x++) {
        to[y * side + x] = area.reduce((sum, { at, weight }) => sum + weight * narrow[at * side + x]!, 0);
      }
    });
  };
}

type HeldPlane = Uint8Array | Float32Array;

/** The pixels of a line that each of `side` pixels covers, with weights that add up to 1. */
function areas(length: number, side: number): { readonly at: number; readonly weight: number }[][] {
  const scale = length / side;
  return Array.from({ length: side }, (_, i) => {
    const [from, to] = [i * scale, (i + 1) * scale];
    const covered = Array.from({ length: Math.ceil(to) - Math.floor(from) }, (_, k) => Math.floor(from) + k);
    return covered
      .map((at) => ({ at, weight: (Math.min(to, at + 1) - Math.max(from, at)) / scale }))
      .filter(({ at, weight }) => weight > 0 && at < length);
  });
}

/** Means of 2 x 2 pixels: (n, s, s) -> (n, s / 2, s / 2). */
export function halved(from: Float32Array, size: number): Float32Array {
  const to = new Float32Array(from.length / 4);
  const rows = from.length / size;
  for (let y = 0, at = 0; y < rows; y += 2) {
    for (let x = y * size; x < (y + 1) * size; x += 2, at++) {
      to[at] = (from[x]! + from[x + 1]! + from[x + size]! + from[x + size + 1]!) / 4;
    }
  }
  return to;
}
