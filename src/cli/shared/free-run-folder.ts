// Where a run goes when nobody said.
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";

/** A folder under runs/ that is not there yet: `runs/photos-sat-1`. */
export function freeRunFolder(data: string, objective: string): string {
  const stem = `runs/${basename(resolve(data)).replace(/\.[a-z]+$/i, "") || "data"}-${objective}`;
  let number = 1;
  while (existsSync(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}
