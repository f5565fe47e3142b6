// Where the pictures of samples are.
import type { Overview, PartName } from "../../api.js";
import { query, runPath } from "../app/client.js";

type DataPictures = Pick<Overview, "version" | "hasPictures">;

const known = new Map<string, DataPictures>();

/** The version of a run's data is part of its pictures' addresses, so that the browser keeps them until the data are others. */
export function setPictures(run: string, { version, hasPictures }: DataPictures): void {
  known.set(run, { version, hasPictures });
}

/** The address of a sample's picture: at most `size` pixels a side, or the original's; null where the samples are no images. */
export function pictureAddress(run: string, part: PartName, sample: number, size?: number): string | null {
  const { version, hasPictures = true } = known.get(run) ?? {};
  return hasPictures ? runPath(run, `samples/${part}/${sample}/image`) + query({ size, v: version }) : null;
}
