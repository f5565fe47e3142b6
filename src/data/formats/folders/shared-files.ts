// Files that are in two classes at once, by links: one of their labels is wrong.
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { forEachBounded } from "../../files.js";
import { leftOut } from "../../listed.js";
import type { FoundImage } from "./class-folders.js";
import type { Walk } from "./image-walk.js";

/** A line on the images that are in several classes by links, or none. */
export async function sharedFiles({ root, linkedImages }: Walk, images: readonly FoundImage[]): Promise<string[]> {
  if (linkedImages.length === 0) return [];
  const real = new Array<string>(images.length);
  await forEachBounded(images.length, 16, async (i) => {
    const path = join(root, images[i]?.file ?? "");
    real[i] = await realpath(path).catch(() => path);
  });
  const first = new Map<string, FoundImage>();
  const shared: string[] = [];
  for (const [i, image] of images.entries()) {
    const earlier = first.get(real[i] as string);
    if (earlier === undefined) first.set(real[i] as string, image);
    else if (earlier.className !== image.className) shared.push(`${earlier.file} is ${image.file}`);
  }
  return leftOut("files in two classes", shared).map((line) => line.replace("left out: ", ""));
}
