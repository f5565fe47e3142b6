// All images in a parquet file, a tar or another archive, by their paths.
import { extname, join } from "node:path";
import { isArchive, unpack } from "../../archives/unpack.js";
import { openParquet } from "../../containers/parquet-file.js";
import { tarIndex } from "../../containers/tar-index.js";
import { imagesBelow } from "../folders/class-folders.js";
import { isImage } from "../images/image-files.js";
import { featuresOf } from "./hugging-face.js";
import { imageColumn } from "./parquet-columns.js";

const isParquet = (path: string) => extname(path).toLowerCase() === ".parquet";

/** Whether a file holds others: a parquet file or an archive. */
export const isPacked = (path: string): boolean => isParquet(path) || isArchive(path);

/**
 * The images in a file, in its order; those of a gzipped tar by where it was extracted to. Throws `InputError` for one
 * that is damaged or has no column of images.
 */
export async function packedImages(path: string): Promise<string[]> {
  if (isParquet(path)) {
    const file = await openParquet(path);
    const column = imageColumn(file, await featuresOf(file));
    return Array.from({ length: file.rows }, (_, row) => `${path}/${column}/${row}`);
  }
  if (extname(path).toLowerCase() === ".tar") {
    const members = await tarIndex(path);
    return members.filter(({ name }) => isImage(name)).map(({ name }) => `${path}/${name}`);
  }
  const { path: folder } = await unpack(path);
  return (await imagesBelow(folder)).map((file) => join(folder, file));
}
