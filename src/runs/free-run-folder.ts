// The default run folder.
import { mkdirSync, rmdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/**
 * Makes a new folder under `root`, such as `runs/photos-sat-1`. Creating it reserves the name: two commands that start together get
 * different folders.
 */
export function claimRunFolder(data: string, objective: string, root = "runs"): string {
  const stem = `${root}/${basename(resolve(data)).replace(/:.*|\.[a-z]+$/i, "") || "data"}-${objective}`;
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

/** Releases the name if nothing was written. */
export function releaseRunFolder(path: string): void {
  try {
    rmdirSync(path);
    rmdirSync(dirname(path));
  } catch {
    // Not empty: it holds this run or others.
  }
}
