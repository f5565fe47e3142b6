// The folder of a run for which none was given.
import { mkdirSync, rmdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/**
 * Makes a new folder under runs/, such as `runs/photos-sat-1`. Making it claims the name: two commands that start together get
 * two folders.
 */
export function claimRunFolder(data: string, objective: string): string {
  const stem = `runs/${basename(resolve(data)).replace(/:.*|\.[a-z]+$/i, "") || "data"}-${objective}`;
  mkdirSync(dirname(stem), { recursive: true });
  let number = 1;
  while (!madeFolder(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}

function madeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Gives a claimed name back where nothing was written under it. */
export function releaseRunFolder(path: string): void {
  try {
    rmdirSync(path);
    rmdirSync(dirname(path));
  } catch {
    // Not empty: the run, or others beside it.
  }
}
