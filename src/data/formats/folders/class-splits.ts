// Parts inside the classes: `cat/train/1.jpg`, `cat/test/2.jpg`.

import { type PartName, partOfWord } from "../../part-names.js";
import type { FoundImage, FoundPart } from "./class-folders.js";

export interface ClassSplits {
  readonly train: FoundPart;
  readonly validation: FoundPart | null;
  readonly test: FoundPart | null;
  readonly notes: readonly string[];
}

/** The parts of images whose class folders hold folders named for parts and nothing else; all of them for training otherwise. */
export function splitInsideClasses(found: FoundPart): ClassSplits {
  const parts = found.images.map(partInClass);
  const isSplit = parts.length > 0 && !parts.includes(null) && parts.includes("train") && new Set(parts).size > 1;
  if (!isSplit) return { train: found, validation: null, test: null, notes: [] };
  const of = (part: PartName) => found.images.filter((_, i) => parts[i] === part);
  const part = (images: readonly FoundImage[]) =>
    images.length === 0 ? null : { images, emptyClasses: [], unnamed: [] };
  return {
    train: { ...found, images: of("train") },
    validation: part(of("validation")),
    test: part(of("test")),
    notes: ["the folders in the classes are parts: train and others"],
  };
}

/** The part that the folder in the class's folder names; null for none. */
function partInClass({ file, className }: FoundImage): PartName | null {
  const folders = file.split("/").slice(0, -1);
  const inside = folders[folders.indexOf(className) + 1];
  return inside === undefined ? null : partOfWord(inside);
}
