// The folder of an attack: its settings and progress while it runs, its results when it is finished.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withWriteErrors, writeFileAtomic, writeFolderAtomic } from "../../atomic-files.js";
import { csvText } from "../../csv-text.js";
import { parseNpy, writeNpy } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { concatenate } from "../evaluate.js";
import type { AttackResult, SampleRow } from "./result.js";
import type { AttackJob, GallerySample, SavedAttack } from "./state.js";

/** The images of one of these files, and their positions in the data. */
export interface ImagePart {
  readonly index: readonly number[];
  readonly images: readonly Float32Array[];
}

/** Of `state/state.json`. */
const stateVersion = 3;

const attacksOf = (run: string) => join(run, "attacks");
const stateFolder = (folder: string) => join(folder, "state");
const partsFolder = (folder: string) => join(folder, "images");
const resultFile = (folder: string) => join(folder, "results.json");
const partFile = (folder: string, part: number) => join(partsFolder(folder), `${String(part).padStart(5, "0")}.npy`);

/** The default folder of an attack in its run: the attack's name and a digest of everything that determines the result. */
export function defaultFolder(run: string, job: AttackJob): string {
  const digest = createHash("sha256").update(JSON.stringify(job)).digest("hex");
  return join(attacksOf(run), `${job.settings.attack}-${digest.slice(0, 8)}`);
}

/** Whether the folder holds an interrupted attack. */
export const isStopped = (folder: string) => existsSync(join(stateFolder(folder), "state.json"));

/** The folders of a run's attacks, sorted by name. */
export function attackFolders(run: string): string[] {
  if (!existsSync(attacksOf(run))) return [];
  return readdirSync(attacksOf(run))
    .sort()
    .map((name) => join(attacksOf(run), name));
}

/** @throws InputError when the folder cannot be created or holds unexpected files. */
export function makeFolder(folder: string): void {
  withWriteErrors(folder, () => mkdirSync(folder, { recursive: true }));
  const unexpected = withWriteErrors(folder, () => readdirSync(folder)).find(
    (name) => !written.some((known) => name.startsWith(known)),
  );
  if (unexpected === undefined) return;
  throw new InputError(
    `${option("out")}: ${folder} holds ${unexpected}; expected an empty folder or the folder of an attack`,
  );
}

const written = ["state", "images", "results.json", "samples.csv", "gallery.npy", "adversarial.npy", "indices.npy"];

/** Replaces the saved state of a running attack, atomically. */
export function saveAttack(folder: string, { gallery, ...saved }: SavedAttack, shape: readonly number[]): void {
  const list = gallery.map(({ clean, attacked, ...rest }) => rest);
  const state = new TextEncoder().encode(`${JSON.stringify({ version: stateVersion, ...saved, gallery: list })}\n`);
  const files = new Map([["state.json", state]]);
  if (gallery.length > 0) files.set("gallery.npy", galleryBytes(gallery, shape));
  writeFolderAtomic(stateFolder(folder), files);
}

function galleryBytes(gallery: readonly GallerySample[], shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const pictures = concatenate(gallery.flatMap(({ clean, attacked }) => [clean, attacked]));
  return new Uint8Array(writeNpy(pictures, [gallery.length, 2, ...shape]));
}

/** Reads a saved attack. @throws InputError when the file is damaged or of another version. */
export function readAttack(folder: string): SavedAttack {
  const path = join(stateFolder(folder), "state.json");
  const { version, gallery, ...saved } = parseJson(path) as SavedAttack & { readonly version: number };
  if (version !== stateVersion) throw new InputError(`${path}: version ${version}; expected ${stateVersion}`);
  const pictures = gallery.length === 0 ? [] : picturesOf(join(stateFolder(folder), "gallery.npy"), 2 * gallery.length);
  const withPictures = gallery.map((one, i) => ({
    ...one,
    clean: pictures[2 * i] as Float32Array,
    attacked: pictures[2 * i + 1] as Float32Array,
  }));
  return { ...saved, gallery: withPictures };
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InputError(`${path} was not written by attack: ${(error as Error).message}`);
  }
}

/** The images of a `.npy` file, an array each. */
function picturesOf(path: string, count: number): Float32Array[] {
  const data = parseNpy(new Uint8Array(readFileSync(path)), path).data as Float32Array;
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * size, (i + 1) * size));
}

/** Writes the adversarial examples of a batch. Called before the state that counts them is saved. */
export function savePart(folder: string, part: number, { index, images }: ImagePart, shape: readonly number[]): void {
  withWriteErrors(folder, () => mkdirSync(partsFolder(folder), { recursive: true }));
  writeFileAtomic(partFile(folder, part), writeNpy(concatenate(images), [images.length, ...shape]));
  writeFileAtomic(`${partFile(folder, part)}.json`, JSON.stringify(index));
}

/** The columns of `samples.csv`. */
const columns = ["index", "label", "prediction", "attacked", "attack"];

/** Writes the results of a finished attack and deletes its saved state. */
export function finishAttack(
  folder: string,
  result: AttackResult,
  { gallery, parts }: Pick<SavedAttack, "gallery" | "parts">,
  rows: readonly SampleRow[],
  shape: readonly number[],
): void {
  writeFileAtomic(join(folder, "samples.csv"), csvText(columns, rows));
  if (gallery.length > 0) writeFileAtomic(join(folder, "gallery.npy"), galleryBytes(gallery, shape));
  if (result.saveImages) writeImages(folder, parts, shape);
  writeFileAtomic(resultFile(folder), `${JSON.stringify(result, null, 2)}\n`);
  for (const temporary of [partsFolder(folder), stateFolder(folder)]) {
    withWriteErrors(temporary, () => rmSync(temporary, { recursive: true, force: true }));
  }
}

/** All adversarial examples in the order of the data, and their indices. */
function writeImages(folder: string, parts: number, shape: readonly number[]): void {
  const all = Array.from({ length: parts }, (_, part) => {
    const index = parseJson(`${partFile(folder, part)}.json`) as number[];
    const images = picturesOf(partFile(folder, part), index.length);
    return index.map((sample, i) => ({ sample, image: images[i] as Float32Array }));
  }).flat();
  all.sort((a, b) => a.sample - b.sample);
  const images = concatenate(all.map(({ image }) => image));
  writeFileAtomic(join(folder, "adversarial.npy"), writeNpy(images, [all.length, ...shape]));
  writeFileAtomic(join(folder, "indices.npy"), writeNpy(Int32Array.from(all, ({ sample }) => sample)));
}

/** The results of a finished attack, or null. */
export function readResult(folder: string): AttackResult | null {
  return existsSync(resultFile(folder)) ? (parseJson(resultFile(folder)) as AttackResult) : null;
}

/** The gallery of a finished attack: clean and attacked images in turns, one array each, and the shape of one image. */
export function readGallery(folder: string, { gallery }: AttackResult) {
  const path = join(folder, "gallery.npy");
  const { shape } = parseNpy(new Uint8Array(readFileSync(path)), path);
  return { values: picturesOf(path, 2 * gallery.length), shape: shape.slice(2) };
}
