// Whether an archive's files fit on the disk that they are extracted to.
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../../errors.js";

const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;

/** Archives of this size extracted are always read, larger ones unless they are far larger than the archive. */
const [alwaysRead, mostTimes] = [1e9, 200];

/** Throws `InputError` where files extracted are over 1 GB and over 200 times as large as their archive: more than images or arrays compress. */
export function requireBounded(archive: string, archiveBytes: number, bytes: number): void {
  if (bytes <= Math.max(alwaysRead, mostTimes * archiveBytes)) return;
  throw new InputError(
    `"${archive}" has ${archiveBytes} bytes and would take over ${gigabytes(bytes)} extracted, as no archive of images does; expected the extracted folder`,
  );
}

/** Throws `InputError` where an archive's files need more space than is free on a folder's disk. */
export async function requireSpace(archive: string, folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  throw new InputError(
    `"${archive}" needs ${gigabytes(bytes)} extracted, and ${gigabytes(free)} are free in ${dirname(folder)}; expected more space, or another cache by XDG_CACHE_HOME`,
  );
}
