// Ten shapes as distance functions: negative inside, zero on the edge, each about 1 from center to rim.
// Unions and differences by min and max are not exact distances away from the edge, which drawing does not need.

/** The distance from (x, y) to a shape's edge. */
export type Distance = (x: number, y: number) => number;

const length = (x: number, y: number) => Math.sqrt(x * x + y * y);
const disc = (x: number, y: number, radius: number) => length(x, y) - radius;
const box = (x: number, y: number, halfWidth: number, halfHeight: number) =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

/** The directions of a regular polygon's sides. */
const normals = (sides: number) =>
  Array.from({ length: sides }, (_, i) => {
    const angle = (2 * Math.PI * i) / sides;
    return [Math.sin(angle), Math.cos(angle)] as const;
  });
const triangleNormals = normals(3);
const starNormals = normals(5);

/** Inside all of its sides. */
function triangle(x: number, y: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const [nx, ny] of triangleNormals) largest = Math.max(largest, nx * x + ny * y);
  return largest - 0.5;
}

/** A five-pointed star: inside all five lines of its inner pentagon but one. */
function star(x: number, y: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (const [nx, ny] of starNormals) {
    const distance = nx * x + ny * y;
    second = Math.max(second, Math.min(largest, distance));
    largest = Math.max(largest, distance);
  }
  return second - 0.36;
}

/** A segment from the origin to (x1, y1), as thick as 2 radius. */
export function segment(x1: number, y1: number, radius: number): Distance {
  const square = x1 * x1 + y1 * y1;
  return (x, y) => {
    const along = Math.min(Math.max((x * x1 + y * y1) / square, 0), 1);
    return length(x - along * x1, y - along * y1) - radius;
  };
}

/** The classes of the built-in data, by name. */
export const shapeDistances: Readonly<Record<string, Distance>> = {
  disc: (x, y) => disc(x, y, 0.85),
  ring: (x, y) => Math.abs(disc(x, y, 0.7)) - 0.2,
  square: (x, y) => box(x, y, 0.75, 0.75),
  frame: (x, y) => Math.abs(box(x, y, 0.62, 0.62)) - 0.18,
  triangle,
  star,
  cross: (x, y) => Math.min(box(x, y, 0.95, 0.28), box(x, y, 0.28, 0.95)),
  crescent: (x, y) => Math.max(disc(x + 0.2, y, 0.95), -disc(x - 0.3, y, 0.8)),
  bars: (x, y) => box(x, Math.abs(y) - 0.5, 0.9, 0.24),
  ell: (x, y) => Math.min(box(x, y + 0.55, 0.8, 0.26), box(x + 0.55, y, 0.26, 0.8)),
};
