// Whether an archive's files fit on the disk that they are extracted to.
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../../errors.js";

/** Throws `InputError` where an archive's files need more space than is free on a folder's disk. */
export async function requireSpace(archive: string, folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  throw new InputError(
    `"${archive}" needs ${gigabytes(bytes)} extracted, and ${gigabytes(free)} are free in ${dirname(folder)}; expected more space, or another cache by XDG_CACHE_HOME`,
  );
}
