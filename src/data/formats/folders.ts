// Folders of images: a folder a class, or names that begin with the class; `train` and `test` folders above them or not.
import { join } from "node:path";
import { InputError } from "../../errors.js";
import { compare, kindOf, listFolder } from "../files.js";
import { leftOut, listed } from "../tables/label-file.js";
import type { DataSet, Format } from "../types.js";
import { type FoundPart, findImages, holdsImage } from "./class-folders.js";
import { noClasses } from "./classes.js";
import type { ImageEntry } from "./each-image.js";
import { imageEndings, readImages } from "./images.js";

interface Parts {
  readonly train: string;
  readonly test: string | null;
  readonly unused: readonly string[];
}

const trainNames = ["train", "training"];
/** The folders that may be the test set; of several, the first here is taken. */
const testNames = ["test", "testing", "val", "valid", "validation"];
const expectedLayout = `expected a folder a class, or names such as cat.0.jpg, ending in ${imageEndings.join(", ")}`;

/**
 * Class folders of images, ImageNet's layout among them, and flat folders of `cat.0.jpg` names; to learn without labels any
 * folder of images.
 */
export const folders: Format = {
  name: "folders",
  detect: async (path) => (await kindOf(path)) === "folder" && (await holdsImage(path, 3)),
  async read(path, options): Promise<DataSet> {
    const parts = await findParts(path);
    const train = await findImages(path, parts.train);
    const loose = options.unlabelled ? train.unnamed : [];
    if (loose.length === 0) checkTrain(join(path, parts.train), train);
    const test = parts.test === null ? null : await findImages(path, parts.test);
    const classes = classNames(train, options.unlabelled ? test : null);
    const tested = test !== null && test.images.length > 0;
    const lists = {
      folder: path,
      train: [...entries(train, classes), ...loose.map((file) => ({ file, label: -1 }))].sort(byFile),
      test: tested ? entries(test, classes) : null,
    };
    const images = await readImages(lists, options);
    const used = { ...train, unnamed: train.unnamed.slice(loose.length) };
    const notes = [...notesOn(parts), ...notesOf(used), ...(test === null ? [] : notesOf(test)), ...images.notes];
    return { format: "folders", classes, train: images.train, test: images.test, notes };
  },
};

/** Which sub-folders are the training and the test part; the data folder itself ("") where there is no `train`. */
async function findParts(path: string): Promise<Parts> {
  const inside = (await listFolder(path)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const present = (wanted: readonly string[]) =>
    wanted.flatMap((name) => inside.filter((found) => found.toLowerCase() === name));
  const [train] = present(trainNames);
  if (train === undefined) return { train: "", test: null, unused: [] };
  const [test = null] = present(testNames);
  return { train, test, unused: inside.filter((name) => name !== train && name !== test) };
}

function checkTrain(path: string, { images, unnamed }: FoundPart): void {
  if (images.length > 0) return;
  const found = unnamed.length === 0 ? "no images" : `images without a class, such as ${unnamed[0]}`;
  throw new InputError(`"${path}" has ${found}; ${expectedLayout}`);
}

/** The training part's classes; where labels do not matter those of the test part too, and a single one where there is none. */
function classNames(train: FoundPart, test: FoundPart | null): readonly string[] {
  const found = [...train.images, ...(test?.images ?? [])].map(({ className }) => className);
  return found.length === 0 ? noClasses : [...new Set(found)].sort(compare);
}

const byFile = (a: ImageEntry, b: ImageEntry) => compare(a.file, b.file);

function entries({ images }: FoundPart, classes: readonly string[]): ImageEntry[] {
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return images.map(({ file, className }) => {
    const label = numbers.get(className);
    if (label !== undefined) return { file, label };
    throw new InputError(`${file}: class "${className}" is not among the training classes: ${listed(classes)}`);
  });
}

function notesOn({ train, unused }: Parts): string[] {
  return leftOut(`folders beside ${train}`, unused);
}

function notesOf({ unnamed, others, emptyClasses }: FoundPart): string[] {
  const endings = [...new Set(others)].map((ending) => ending || "no ending").sort(compare);
  return [
    ...leftOut("images without a class", unnamed),
    ...leftOut("files that are no images", endings, others.length),
    ...leftOut("folders without an image", emptyClasses),
  ];
}
