// Where the images are that a list names: at the path it gives, or found by name below the list's folder.
import { isAbsolute, join } from "node:path";
import { InputError } from "../../../errors.js";
import { mountedAt } from "../../archives/mounted.js";
import { leadsIntoFile } from "../../containers/containers.js";
import { forEachBounded, kindOf } from "../../files.js";
import { listed } from "../../listed.js";
import { fileMatcher } from "../../tables/match-files.js";
import { imagesBelow } from "../folders/class-folders.js";
import type { Item, Items } from "./item-set.js";

/**
 * The rows with the paths of their files from `folder`, below which they are looked for where a row names no path.
 *
 * Throws `InputError` for a file that is not there, or whose name fits several.
 * @param path the list, for messages
 */
export async function locate(path: string, folder: string, items: readonly Item[]): Promise<Items> {
  const missing = await missingFiles(folder, items);
  if (missing.length === 0) return { items, notes: [] };
  const files = await imagesBelow(folder);
  const match = fileMatcher(files);
  const found = new Map(missing.map((item) => [item, match(item.file)]));
  const several = missing.find((item) => (found.get(item)?.length ?? 0) > 1);
  if (several !== undefined) {
    const fitting = (found.get(several) ?? []).map(([i]) => files[i!] as string);
    throw new InputError(
      `${several.where}: file "${several.file}" fits ${listed(fitting, 3)}; expected the path of one`,
    );
  }
  refuseMissing(missing.filter((item) => found.get(item)?.length === 0));
  const place = (item: Item) => {
    const index = found.get(item)?.[0]?.[0];
    return index === undefined ? item : { ...item, file: files[index] as string };
  };
  const example = `${missing[0]?.file} is ${place(missing[0] as Item).file}`;
  const note = `${path}: ${missing.length} of ${items.length} files were found by name below its folder: ${example}`;
  return { items: items.map(place), notes: [note] };
}

/** The rows, in order, whose path is none of a file. */
async function missingFiles(folder: string, items: readonly Item[]): Promise<Item[]> {
  const isMissing = new Uint8Array(items.length);
  await forEachBounded(items.length, 16, async (i) => {
    const { file } = items[i] as Item;
    const path = isAbsolute(file) ? file : join(folder, file);
    // Of an archive that is read as a folder all names are known.
    const isFound = (await kindOf(path)) === "file" || (mountedAt(path) === null && leadsIntoFile(path));
    if (!isFound) isMissing[i] = 1;
  });
  return items.filter((_, i) => isMissing[i] === 1);
}

function refuseMissing(missing: readonly Item[]): void {
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length > 1 ? `, nor do ${missing.length - 1} more files` : "";
  throw new InputError(
    `${first.where}: file "${first.file}" does not exist${more}; paths count from the folder of the list`,
  );
}
