// What tells a sample in two runs: the path of its file, or its number without one.
import { resolve } from "node:path";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";

export function sampleKey({ pictures }: Evidence, { files, samples, part }: LoadedPart, row: number): string {
  const set = part === "test" ? "test" : "train";
  const file = files?.[row];
  if (file === undefined) return `${set} ${samples[row]}`;
  const where = pictures[set];
  return where.kind === "files" ? resolve(where.folder, file) : file;
}

export const partsOf = (evidence: Evidence): LoadedPart[] => evidence.parts.map(({ name }) => evidence.part(name));
