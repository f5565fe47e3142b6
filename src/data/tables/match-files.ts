// Samples by the names that a table gives their files: with or without folders, with or without the ending.

/** The ending of a file that is an image. */
export const imageEnding = /\.(jpe?g|jfif|png|webp|gif|tiff?|avif|bmp|heic|heif)$/i;

interface SplitPath {
  readonly folders: readonly string[];
  readonly name: string;
  readonly stem: string;
}

/** Paths are compared by Unicode's composed form (NFC), with `/` between folders. */
function splitPath(path: string): SplitPath {
  const parts = path
    .normalize("NFC")
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const name = parts.at(-1) ?? "";
  return { folders: parts.slice(0, -1), name, stem: name.replace(imageEnding, "") };
}

/** Whether one list of folders is the end of the other: `cat` of `train/cat`. */
function agree(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(a.length - shared).every((folder, i) => folder === b[b.length - shared + i]);
}

/**
 * A function that gives the files that a name fits, each by its positions, of which a file that is listed several times has several: the
 * file of just this path where there is one, else all whose path ends in the name or that the name ends in, by complete folders; a name
 * without an image's ending fits any ending.
 */
export function fileMatcher(files: readonly string[]): (name: string) => readonly (readonly number[])[] {
  const positions = new Map<string, number[]>();
  for (const [i, file] of files.entries()) {
    const same = positions.get(file);
    if (same === undefined) positions.set(file, [i]);
    else same.push(i);
  }
  const byStem = new Map<string, { readonly path: SplitPath; readonly positions: readonly number[] }[]>();
  for (const [file, at] of positions) {
    const path = splitPath(file);
    const same = byStem.get(path.stem) ?? [];
    same.push({ path, positions: at });
    byStem.set(path.stem, same);
  }
  return (name) => {
    const target = splitPath(name);
    const hasEnding = target.stem !== target.name;
    const fits = ({ folders, name: file }: SplitPath) =>
      (!hasEnding || file === target.name) && agree(folders, target.folders);
    const found = (byStem.get(target.stem) ?? []).filter(({ path }) => fits(path));
    const exact = found.filter(({ path }) => path.folders.length === target.folders.length);
    return (exact.length === 1 ? exact : found).map(({ positions: at }) => at);
  };
}
