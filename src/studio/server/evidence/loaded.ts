// The evidence of a run as the server holds it: small arrays at once, large ones when they are first needed.
import type { QueueSource } from "../../../review/index.js";
import { RequestError } from "../../../serving/index.js";
import {
  type EvidenceIndex,
  type EvidencePart,
  type PartArrays,
  type PartName,
  readArray,
  readFiles,
} from "./evidence-files.js";

export interface LoadedPart extends QueueSource, Omit<EvidencePart, "samples"> {
  readonly guess: Uint8Array;
  readonly disagrees: Int32Array;
  readonly target: Float32Array;
  /** By the final network alone. */
  readonly predicted: Int32Array;
  /** (n, classes) */
  beliefs(): Float32Array;
  /** (n, size), each row at length 1. */
  features(): Float32Array;
  /** (n, 2) */
  map(): Float32Array;
  /** The row of a sample; null where the part does not have it. */
  find(sample: number): number | null;
  /** @throws RequestError with status 404 for a sample that the part does not have. */
  rowOf(sample: number): number;
}

export interface Evidence extends Omit<EvidenceIndex, "parts"> {
  readonly run: string;
  /** When it was written, in milliseconds since 1970. */
  readonly collected: number;
  readonly parts: readonly EvidencePart[];
  /** @throws RequestError with status 404 for a part that the data does not have. */
  part(name: PartName): LoadedPart;
  /** The rows of the training part with this given class. */
  trainRows(label: number): Int32Array;
}

export function loadEvidence(run: string, index: EvidenceIndex, collected: number): Evidence {
  const loaded = new Map<PartName, LoadedPart>();
  const part = (name: PartName): LoadedPart => {
    const known = loaded.get(name) ?? loadPart(run, index, name);
    loaded.set(name, known);
    return known;
  };
  const byClass = once(() => rowsByClass(part("train").given, index.classes.length));
  return { ...index, run, collected, part, trainRows: (label) => byClass()[label] ?? new Int32Array() };
}

function loadPart(run: string, { parts, classes }: EvidenceIndex, name: PartName): LoadedPart {
  const known = parts.find((one) => one.name === name);
  if (known === undefined) throw new RequestError(404, `the data has no ${name} part`);
  const read = <Array extends keyof PartArrays>(array: Array) => readArray(run, name, array);
  const samples = read("samples");
  const rows = new Map(Array.from(samples, (sample, row) => [sample, row]));
  const find = (sample: number) => rows.get(sample) ?? null;
  return {
    ...known,
    part: name,
    classes,
    samples,
    given: read("given"),
    suggested: read("suggested"),
    pWrong: read("wrong"),
    files: readFiles(run, name) ?? undefined,
    guess: read("guess"),
    disagrees: read("disagrees"),
    target: read("target"),
    predicted: read("predicted"),
    beliefs: once(() => read("beliefs")),
    features: once(() => read("features")),
    map: once(() => read("map")),
    find,
    rowOf(sample) {
      const row = find(sample);
      if (row === null) throw new RequestError(404, `the ${name} part has no sample ${sample}`);
      return row;
    },
  };
}

function rowsByClass(given: Int32Array, classes: number): Int32Array[] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  given.forEach((label, row) => void rows[label]?.push(row));
  return rows.map((some) => Int32Array.from(some));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
