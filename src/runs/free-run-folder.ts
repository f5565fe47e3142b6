// The default run folder.
import { mkdirSync, rmdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { withWriteErrors } from "../atomic-files.js";

/** Makes a new folder under runs/ for a run on this data by this method, such as `runs/photos-sat-1`. */
export function claimRunFolder(data: string, objective: string): string {
  return claimNumbered(runStem(data, objective, "runs"));
}

/** The path of runs on this data by this method, without their number. */
export const runStem = (data: string, objective: string, root: string) =>
  `${root}/${basename(resolve(data)).replace(/:.*|\.[a-z]+$/i, "") || "data"}-${objective}`;

/**
 * Makes the first folder `STEM-N` that there is not. Creating it reserves the name: two commands that start together get different folders.
 * @throws InputError where folders cannot be made there.
 */
export function claimNumbered(stem: string): string {
  return withWriteErrors(dirname(stem), () => {
    mkdirSync(dirname(stem), { recursive: true });
    let number = 1;
    while (!madeFolder(`${stem}-${number}`)) number++;
    return `${stem}-${number}`;
  });
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
