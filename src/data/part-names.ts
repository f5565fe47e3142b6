// The words by which folders, columns and arrays name the parts of a data set.

export type PartName = "train" | "validation" | "test" | "predict";

const words: Readonly<Record<PartName, readonly string[]>> = {
  train: ["train", "training", "tr"],
  validation: ["val", "valid", "validation", "dev"],
  test: ["test", "testing", "eval"],
  predict: ["pred", "predict", "prediction"],
};

/** The part that a single word names, such as a cell of a `split` column; null for other words. */
export function partOfWord(word: string): PartName | null {
  const names = Object.keys(words) as PartName[];
  return names.find((part) => words[part].includes(word.trim().toLowerCase())) ?? null;
}

/**
 * The part that a folder's or array's name says, by complete words of it: `training_set`, `seg_test`, `valImages`, `test1`; null
 * where no word or words of several parts do.
 */
export function partOfName(name: string): PartName | null {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const parts = new Set(spaced.split(/[^a-z]+/).map(partOfWord));
  parts.delete(null);
  return parts.size === 1 ? ([...parts][0] as PartName) : null;
}

/**
 * The part of each file of a data set by its name; of one that names none, training, or null where another is named for training. Where
 * all are of one part, that is all there is, and for training.
 */
export function partsOfFiles(parts: readonly (PartName | null)[]): (PartName | null)[] {
  const unnamed = parts.some((part) => part === "train") ? null : "train";
  const isOne = new Set(parts).size === 1;
  return parts.map((part) => (isOne ? "train" : (part ?? unnamed)));
}

/** Whether a name is that of a part and nothing else: `train`, `Validation`. */
export const isPlainPart = (name: string) => partOfWord(name) !== null;
