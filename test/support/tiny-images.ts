// Image files of which only the names matter.
import sharp from "sharp";

/** A function that gives each name a JPEG image of 8 x 8 pixels, the same for all. */
export async function tinyImages() {
  const create = { width: 8, height: 8, channels: 3 as const, background: "teal" };
  const image = await sharp({ create }).jpeg().toBuffer();
  return (...names: string[]) => Object.fromEntries(names.map((name) => [name, image]));
}
