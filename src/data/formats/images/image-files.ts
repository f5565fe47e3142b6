// Which files are images: by their endings, or by their first bytes where they have none.
import { open } from "node:fs/promises";
import { extname } from "node:path";

/** The endings of files that count as images. */
export const imageEndings = [
  ".jpg",
  ".jpeg",
  ".jfif",
  ".png",
  ".webp",
  ".gif",
  ".tif",
  ".tiff",
  ".avif",
  ".heic",
  ".heif",
  ".bmp",
];

/** Whether a file counts as an image, by its ending. */
export function isImage(name: string): boolean {
  return imageEndings.includes(name.slice(name.lastIndexOf(".")).toLowerCase());
}

/** How files of images begin, as text of one character a byte. */
const beginnings = [
  /^\xff\xd8\xff/,
  /^\x89PNG/,
  /^GIF8/,
  /^RIFF.{4}WEBP/s,
  /^II\*\0/,
  /^MM\0\*/,
  /^.{4}ftyp(avif|heic|heix|mif1)/s,
  /^BM.{4}\0{4}/s,
];

/** Whether a file without an ending begins as an image does. */
export async function beginsAsImage(path: string): Promise<boolean> {
  if (extname(path) !== "") return false;
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return beginnings.some((beginning) => beginning.test(buffer.toString("latin1")));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
