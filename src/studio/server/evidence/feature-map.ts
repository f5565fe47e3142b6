// Places samples on a map by the similarity of their features.
import { setImmediate } from "node:timers/promises";
import { randomFrom } from "../../../data/index.js";
import { optionalPackage, reportPackages } from "../../../optional-package.js";
import { noGrad, scope, tensor } from "../../../torch/index.js";

/** Samples that UMAP places; the time that it takes grows faster than their number. */
const mostLandmarks = 1500;
const neighbors = 15;
/** Landmarks that the others are placed between. */
const nearest = 5;
const blockRows = 4096;

interface Rows {
  /** (n, size), each row at length 1. */
  readonly values: Float32Array;
  readonly size: number;
}

export interface Landmarks extends Rows {
  /** (n, 2) */
  readonly places: Float32Array;
}

/** UMAP of up to 1,500 samples by their cosine; null with too few samples. Deterministic. @see McInnes et al. 2018 (arXiv 1802.03426) */
export async function placeLandmarks({ values, size }: Rows): Promise<Landmarks | null> {
  const n = values.length / size;
  if (n < 5) return null;
  const { UMAP } = await optionalPackage("the map", reportPackages, () => import("umap-js"));
  const random = randomFrom(0, "feature map");
  const chosen = random.sample(n, Math.min(mostLandmarks, n)).sort();
  const rows = Array.from(chosen, (row) => values.subarray(row * size, (row + 1) * size));
  const options = { nNeighbors: Math.min(neighbors, rows.length - 1), minDist: 0.1, random: () => random.uniform() };
  const places = new UMAP(options).fit(rows.map((row) => Array.from(row)));
  const kept = new Float32Array(rows.length * size);
  rows.forEach((row, i) => void kept.set(row, i * size));
  return { values: kept, size, places: Float32Array.from(places.flat()) };
}

/** (n, 2): the mean of the places of the five most similar landmarks, weighted by 1 / (1 - cosine + 0.001)^2. */
export async function placeAll({ values, size }: Rows, landmarks: Landmarks): Promise<Float32Array> {
  const n = values.length / size;
  const places = new Float32Array(2 * n);
  for (let start = 0; start < n; start += blockRows) {
    const end = Math.min(n, start + blockRows);
    const { columns, cosines, k } = similarLandmarks(values.subarray(start * size, end * size), landmarks);
    for (let row = start; row < end; row++)
      placeRow(places, row, { columns, cosines, k, at: (row - start) * k }, landmarks);
    await setImmediate();
  }
  return places;
}

function similarLandmarks(block: Float32Array, { values, size }: Landmarks) {
  return scope(() =>
    noGrad(() => {
      const bank = tensor(values, { shape: [values.length / size, size] });
      const k = Math.min(nearest, values.length / size);
      const [cosines, columns] = tensor(block, { shape: [block.length / size, size] })
        .matmul(bank.transpose(0, 1))
        .topk(k);
      return { k, cosines: cosines.data() as Float32Array, columns: columns.to("int32").data() as Int32Array };
    }),
  );
}

interface Similar {
  readonly columns: Int32Array;
  readonly cosines: Float32Array;
  readonly k: number;
  readonly at: number;
}

function placeRow(places: Float32Array, row: number, { columns, cosines, k, at }: Similar, landmarks: Landmarks): void {
  let total = 0;
  for (let j = 0; j < k; j++) {
    const weight = 1 / (1 - cosines[at + j]! + 0.001) ** 2;
    const landmark = columns[at + j]!;
    places[2 * row] = places[2 * row]! + weight * landmarks.places[2 * landmark]!;
    places[2 * row + 1] = places[2 * row + 1]! + weight * landmarks.places[2 * landmark + 1]!;
    total += weight;
  }
  places[2 * row] = places[2 * row]! / total;
  places[2 * row + 1] = places[2 * row + 1]! / total;
}

/** Both coordinates scaled to 0..1, the same for all. */
export function scaledTogether(maps: readonly Float32Array[]): Float32Array[] {
  const ranges = [0, 1].map((axis) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const map of maps) {
      for (let i = axis; i < map.length; i += 2) {
        least = Math.min(least, map[i]!);
        most = Math.max(most, map[i]!);
      }
    }
    return { least, range: most - least || 1 };
  });
  return maps.map((map) => map.map((value, i) => (value - ranges[i % 2]!.least) / ranges[i % 2]!.range));
}
