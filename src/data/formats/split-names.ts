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
