// Where the pictures of samples are.
import type { PartName } from "../../api.js";
import { query, runPath } from "../app/client.js";

const versions = new Map<string, string>();

/** The version of a run's data: part of its pictures' addresses, so that the browser keeps them until the data are others. */
export function setDataVersion(run: string, version: string): void {
  versions.set(run, version);
}

/** The address of a sample's picture: at most `size` pixels a side, or the original's. */
export function pictureAddress(run: string, part: PartName, sample: number, size?: number): string {
  return runPath(run, `samples/${part}/${sample}/image`) + query({ size, v: versions.get(run) });
}
