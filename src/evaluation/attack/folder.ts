// The folder of an attack: what it was begun with and where it stands while it runs, its results when it is done.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { csvText, parseNpy, writeNpy } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { withWriteErrors, writeFileAtomic, writeFolderAtomic } from "../../runs/atomic-files.js";
import type { AttackResult, SampleRow } from "./result.js";
import type { AttackJob, SavedAttack, Shown } from "./state.js";

/** The images of one of these files, and their positions in the data. */
export interface ImagePart {
  readonly index: readonly number[];
  readonly images: readonly Float32Array[];
}

const attacksOf = (run: string) => join(run, "attacks");
const stateFolder = (folder: string) => join(folder, "state");
const partsFolder = (folder: string) => join(folder, "images");
const resultFile = (folder: string) => join(folder, "results.json");
const partFile = (folder: string, part: number) => join(partsFolder(folder), `${String(part).padStart(5, "0")}.npy`);

/** Where a run keeps an attack, unless told otherwise: named by what it is, and by all that decides its outcome. */
export function usualFolder(run: string, job: AttackJob): string {
  const digest = createHash("sha256").update(JSON.stringify(job)).digest("hex");
  return join(attacksOf(run), `${job.settings.attack}-${digest.slice(0, 8)}`);
}

/** Whether an attack was stopped here. */
export const isStopped = (folder: string) => existsSync(join(stateFolder(folder), "state.json"));

/** The folders of a run's attacks, by name. */
export function attackFolders(run: string): string[] {
  if (!existsSync(attacksOf(run))) return [];
  return readdirSync(attacksOf(run))
    .sort()
    .map((name) => join(attacksOf(run), name));
}

/** @throws InputError where the folder cannot be made, or holds other things. */
export function makeFolder(folder: string): void {
  withWriteErrors(folder, () => mkdirSync(folder, { recursive: true }));
  const stranger = withWriteErrors(folder, () => readdirSync(folder)).find(
    (name) => !written.some((own) => name.startsWith(own)),
  );
  if (stranger === undefined) return;
  throw new InputError(`${option("out")}: ${folder} holds ${stranger}; expected an empty folder, or one of an attack`);
}

const written = ["state", "images", "results.json", "samples.csv", "gallery.npy", "adversarial.npy", "indices.npy"];

/** Replaces what was saved of an attack under way, whole or not at all. */
export function saveAttack(folder: string, { shown, ...saved }: SavedAttack, shape: readonly number[]): void {
  const list = shown.map(({ clean, attacked, ...rest }) => rest);
  const state = new TextEncoder().encode(`${JSON.stringify({ version: 2, ...saved, shown: list })}\n`);
  const files = new Map([["state.json", state]]);
  if (shown.length > 0) files.set("gallery.npy", galleryBytes(shown, shape));
  writeFolderAtomic(stateFolder(folder), files);
}

function galleryBytes(shown: readonly Shown[], shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const pictures = joined(shown.flatMap(({ clean, attacked }) => [clean, attacked]));
  return new Uint8Array(writeNpy(pictures, [shown.length, 2, ...shape]));
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

/** An attack as it was saved. @throws InputError where it is damaged. */
export function readAttack(folder: string): SavedAttack {
  const path = join(stateFolder(folder), "state.json");
  const { version, shown, ...saved } = parseJson(path) as SavedAttack & { readonly version: number };
  if (version !== 2) throw new InputError(`${path}: version ${version}; expected 2`);
  const pictures = shown.length === 0 ? [] : picturesOf(join(stateFolder(folder), "gallery.npy"), 2 * shown.length);
  const whole = shown.map((one, i) => ({
    ...one,
    clean: pictures[2 * i] as Float32Array,
    attacked: pictures[2 * i + 1] as Float32Array,
  }));
  return { ...saved, shown: whole };
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InputError(`${path} is not as attack wrote it: ${(error as Error).message}`);
  }
}

/** The images of a `.npy` file, an array each. */
function picturesOf(path: string, count: number): Float32Array[] {
  const data = parseNpy(new Uint8Array(readFileSync(path)), path).data as Float32Array;
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * size, (i + 1) * size));
}

/** Writes the images that a batch brought down, before the state that counts them. */
export function savePart(folder: string, part: number, { index, images }: ImagePart, shape: readonly number[]): void {
  withWriteErrors(folder, () => mkdirSync(partsFolder(folder), { recursive: true }));
  writeFileAtomic(partFile(folder, part), writeNpy(joined(images), [images.length, ...shape]));
  writeFileAtomic(`${partFile(folder, part)}.json`, JSON.stringify(index));
}

/** The columns of `samples.csv`. */
const columns = ["index", "label", "answer", "attacked", "attack"];

/** Writes the results of an attack that is done, and clears away what was saved along the way. */
export function finishAttack(
  folder: string,
  result: AttackResult,
  { shown, parts }: Pick<SavedAttack, "shown" | "parts">,
  rows: readonly SampleRow[],
  shape: readonly number[],
): void {
  writeFileAtomic(join(folder, "samples.csv"), csvText(columns, rows));
  if (shown.length > 0) writeFileAtomic(join(folder, "gallery.npy"), galleryBytes(shown, shape));
  if (result.saveImages) writeImages(folder, parts, shape);
  writeFileAtomic(resultFile(folder), `${JSON.stringify(result, null, 2)}\n`);
  for (const left of [partsFolder(folder), stateFolder(folder)]) {
    withWriteErrors(left, () => rmSync(left, { recursive: true, force: true }));
  }
}

/** All attacked images in the order of the data, and which these are. */
function writeImages(folder: string, parts: number, shape: readonly number[]): void {
  const all = Array.from({ length: parts }, (_, part) => {
    const index = parseJson(`${partFile(folder, part)}.json`) as number[];
    const images = picturesOf(partFile(folder, part), index.length);
    return index.map((sample, i) => ({ sample, image: images[i] as Float32Array }));
  }).flat();
  all.sort((a, b) => a.sample - b.sample);
  const images = joined(all.map(({ image }) => image));
  writeFileAtomic(join(folder, "adversarial.npy"), writeNpy(images, [all.length, ...shape]));
  writeFileAtomic(join(folder, "indices.npy"), writeNpy(Int32Array.from(all, ({ sample }) => sample)));
}

/** The results of an attack that is done, or null. */
export function readResult(folder: string): AttackResult | null {
  return existsSync(resultFile(folder)) ? (parseJson(resultFile(folder)) as AttackResult) : null;
}

/** The pictures of a finished attack's gallery, as it is and attacked, an array each, and the shape of one. */
export function readGallery(folder: string, { gallery }: AttackResult) {
  const path = join(folder, "gallery.npy");
  const { shape } = parseNpy(new Uint8Array(readFileSync(path)), path);
  return { values: picturesOf(path, 2 * gallery.length), shape: shape.slice(2) };
}
