// What a server lets sharp decode: pictures of the common kinds, and nothing that draws, embeds or runs.
import { sharp } from "../data/formats/images/sharp.js";

const loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"];

/** Refuses every other format, such as SVG and PDF, in this process. */
export function allowOnlyPictures(): void {
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
}
