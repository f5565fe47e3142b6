// A UMAP projection of the features of a self-supervised network, with thumbnails of some samples.
import { randomFrom } from "../../data/index.js";
import type { EmbeddingSample } from "../../evaluation/embedding-sample.js";
import { optionalPackage, reportPackages } from "../../optional-package.js";
import { figure } from "../html/figure.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { holdImages, smallThumbnail } from "../html/thumbnail.js";

const WIDTH = 1120;
const HEIGHT = 760;
const MARGIN = 24;
/** The side of a thumbnail, and that of a grid cell; each cell shows at most one. */
const PICTURE = 34;
const CELL = 44;
const NEIGHBORS = 15;
/** With more classes, colors cannot be distinguished. */
const COLORS = [
  "#0072b2",
  "#d55e00",
  "#00875f",
  "#a8558a",
  "#b87a00",
  "#2b8cc4",
  "#7a5c3a",
  "#d03b6a",
  "#5d6b1e",
  "#6c757d",
];

interface Place {
  readonly sample: number;
  readonly x: number;
  readonly y: number;
}

/** Two coordinates for each sample by UMAP of the normalized features, deterministic, scaled to the plot. */
async function places({ features, size, indices }: EmbeddingSample): Promise<Place[]> {
  const { UMAP } = await optionalPackage("a report", reportPackages, () => import("umap-js"));
  const random = randomFrom(0, "embedding map");
  const rows = Array.from(indices, (_, i) => unit(features.subarray(i * size, (i + 1) * size)));
  const nNeighbors = Math.min(NEIGHBORS, rows.length - 1);
  const found = new UMAP({ nNeighbors, minDist: 0.15, random: () => random.uniform() }).fit(rows);
  const scaled = [0, 1].map((axis) => {
    const values = found.map((point) => point[axis] as number);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const room = (axis === 0 ? WIDTH : HEIGHT) - 2 * MARGIN;
    return values.map((value) => MARGIN + (room * (value - least)) / (most - least || 1));
  }) as [number[], number[]];
  return rows.map((_, sample) => ({ sample, x: scaled[0][sample] as number, y: scaled[1][sample] as number }));
}

function unit(row: Float32Array): number[] {
  const norm = Math.hypot(...row) || 1;
  return Array.from(row, (value) => value / norm);
}

/** The point nearest to the center of each grid cell. */
function spreadOut(all: readonly Place[]): Place[] {
  const nearest = new Map<string, Place>();
  const offCenter = ({ x, y }: Place) => Math.hypot((x % CELL) - CELL / 2, (y % CELL) - CELL / 2);
  for (const place of all) {
    const cell = `${Math.floor(place.x / CELL)},${Math.floor(place.y / CELL)}`;
    const best = nearest.get(cell);
    if (best === undefined || offCenter(place) < offCenter(best)) nearest.set(cell, place);
  }
  return [...nearest.values()];
}

/** The map of the embedding, with thumbnails for images; null with too few samples for UMAP. */
export async function embeddingMap(embedding: EmbeddingSample): Promise<Html | null> {
  const { indices, labels, classes, samples } = embedding;
  if (indices.length < 5) return null;
  const all = await places(embedding);
  const colorOf = (sample: number) =>
    classes.length > COLORS.length ? "var(--blue)" : (COLORS[labels[sample] as number] as string);
  const dots = all.map(({ sample, x, y }) => circle(x, y, colorOf(sample), classes[labels[sample] as number] ?? ""));
  const shown = holdImages(samples) ? spreadOut(all) : [];
  const pictures: Html[] = [];
  for (const { sample, x, y } of shown) {
    const uri = await smallThumbnail(samples, indices[sample] as number, PICTURE);
    pictures.push(picture(uri, x, y, colorOf(sample), classes[labels[sample] as number] ?? ""));
  }
  const legend =
    classes.length < 2 || classes.length > COLORS.length
      ? null
      : html`<ul class="legend">${classes.map((name, i) => html`<li><svg width="12" height="12"><circle cx="6" cy="6" r="5" fill="${COLORS[i] as string}"/></svg>${name}</li>`)}</ul>`;
  const svg = html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" xmlns="http://www.w3.org/2000/svg">${dots}${pictures}</svg>`;
  const map = figure({
    title: "Map of the embedding",
    caption: `${count(indices.length)} samples of the ${embedding.part}, placed by UMAP of their features (${Math.min(NEIGHBORS, indices.length - 1)} neighbors by cosine): what lies together the network finds alike. Labels only color it.`,
    legend,
    content: html`<div class="plot dense" role="img" aria-label="Samples placed by the similarity of their features">${svg}</div>`,
  });
  return html`<div class="plots whole">\n${map}</div>\n`;
}

const circle = (x: number, y: number, color: string, name: string) =>
  html`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" fill="${color}" fill-opacity="0.75"><title>${name}</title></circle>`;

function picture(uri: string, x: number, y: number, color: string, name: string): Html {
  const [left, top] = [(x - PICTURE / 2).toFixed(1), (y - PICTURE / 2).toFixed(1)];
  return html`<g><title>${name}</title><image href="${uri}" x="${left}" y="${top}" width="${PICTURE}" height="${PICTURE}"/><rect x="${left}" y="${top}" width="${PICTURE}" height="${PICTURE}" fill="none" stroke="${color}" stroke-width="2"/></g>`;
}
