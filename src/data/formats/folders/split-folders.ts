// Which folders of a data set are its training, validation and test parts, and which are classes.
import { join } from "node:path";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { kindOf, listFolder } from "../../files.js";
import { listed } from "../../listed.js";
import { isPlainPart, type PartName, partOfName } from "../../part-names.js";
import { isImage } from "../images/image-files.js";
import { classOfName, holdsImage } from "./class-folders.js";
import { joined } from "./image-walk.js";

/** The folders of the parts, from the data folder, which is "" itself; null for parts that there are not. */
export interface SplitFolders {
  readonly train: string;
  readonly validation: string | null;
  readonly test: string | null;
  /** Folders that are no part, or for pictures without labels. */
  readonly unused: readonly string[];
  /** One line on what was taken for what, where the names do not say it plainly. */
  readonly notes: readonly string[];
}

/** A folder that holds images, and what in it bears on what it is. */
interface Candidate {
  /** From the data folder. */
  readonly folder: string;
  readonly name: string;
  readonly part: PartName | null;
  /** The folders in it that hold images. */
  readonly inside: readonly string[];
  /** Whether images lie directly in it. */
  readonly isFlat: boolean;
  /** Whether the names of those images give two classes or more. */
  readonly namesClasses: boolean;
}

/** How far below a folder images are looked for. */
const depth = 3;
/** More folders than these, none of them named like a part, are classes. */
const few = 4;

/**
 * The parts of the data folder `root`. Folders are parts by words in their names (see `partOfName`), unless folders beside them
 * are classes: then they are classes, too. Single folders are entered. `trainDir` names the training part, or with "." the data
 * folder itself, whose folders are then classes.
 *
 * Throws `InputError` where both readings are possible, and for parts without one for training.
 */
export async function findSplits(root: string, trainDir?: string): Promise<SplitFolders> {
  if (trainDir !== undefined) return givenSplits(root, trainDir);
  const candidates = await candidatesIn(root, "");
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined && (await isWrapper(root, only))) return entered(root, only);
  const trains = candidates.some(({ part }) => part === "train");
  if (candidates.length > 0 && !trains && (await candidate(root, "", "")).isFlat) return classesAt("");
  const readings = readingsOf(candidates);
  if (readings.classes && readings.parts) throw new InputError(ambiguous(root, candidates));
  return readings.parts ? splitsOf(root, candidates) : classesAt("");
}

const classesAt = (train: string): SplitFolders => ({ train, validation: null, test: null, unused: [], notes: [] });

async function givenSplits(root: string, trainDir: string): Promise<SplitFolders> {
  const train = trainDir.replace(/^\.\/|\/+$/g, "");
  if (train === "." || train === "") return classesAt("");
  if ((await kindOf(join(root, train))) !== "folder") {
    throw new InputError(`${option("trainDir", trainDir)}: "${root}" has no such folder; expected one in it, or "."`);
  }
  const above = train.includes("/") ? train.slice(0, train.lastIndexOf("/")) : "";
  const others = (await candidatesIn(root, above)).filter(({ folder }) => folder !== train);
  return { ...(await partsOf(root, others)), train: await unwrapped(root, train) };
}

/** A data folder in a data folder: its parts are the data set's. */
async function entered(root: string, { folder }: Candidate): Promise<SplitFolders> {
  const inner = await findSplits(join(root, folder));
  const below = (part: string | null) => (part === null ? null : part === "" ? folder : joined(folder, part));
  return {
    train: below(inner.train) as string,
    validation: below(inner.validation),
    test: below(inner.test),
    unused: inner.unused.map((path) => joined(folder, path)),
    notes:
      inner.notes.length > 0
        ? inner.notes
        : [`the data is in ${folder}, the only folder of "${root}" that holds images`],
  };
}

/** The folders of `folder` that hold images. */
async function candidatesIn(root: string, folder: string): Promise<Candidate[]> {
  const names = (await listFolder(join(root, folder))).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  if (names.length > few && !names.some((name) => partOfName(name) !== null)) return [];
  const found: Candidate[] = [];
  for (const name of names) {
    const path = joined(folder, name);
    if (await holdsImage(join(root, path), depth)) found.push(await candidate(root, path, name));
  }
  return found;
}

async function candidate(root: string, folder: string, name: string): Promise<Candidate> {
  const entries = await listFolder(join(root, folder)).catch(() => []);
  const images = entries.filter((entry) => !entry.isFolder && isImage(entry.name));
  const classes = new Set(images.map((entry) => classOfName(entry.name)).filter((found) => found !== null));
  const inside: string[] = [];
  for (const entry of entries) {
    if (entry.isFolder && (await holdsImage(join(root, folder, entry.name), depth - 1))) inside.push(entry.name);
  }
  return { folder, name, part: partOfName(name), inside, isFlat: images.length > 0, namesClasses: classes.size > 1 };
}

/** Whether a folder only holds the data set: several folders of images and no image of its own, or a folder that does. */
async function isWrapper(root: string, { folder, isFlat, inside }: Candidate): Promise<boolean> {
  const [only] = inside;
  if (isFlat || only === undefined) return false;
  if (inside.length > 1 || partOfName(only) !== null) return true;
  return isWrapper(root, await candidate(root, joined(folder, only), only));
}

/** Whether folders can be the parts of a data set, and whether they can be its classes. */
function readingsOf(candidates: readonly Candidate[]): { parts: boolean; classes: boolean } {
  const parts = candidates.filter(({ part }) => part !== null);
  const others = candidates.filter(({ part }) => part === null);
  if (parts.length === 0) return { parts: false, classes: true };
  if (others.length === 0) return { parts: true, classes: false };
  const train = parts.find(({ part }) => part === "train");
  if (train === undefined) return { parts: parts.some(({ inside }) => inside.length > 1), classes: true };
  if (train.inside.length > 1) return { parts: true, classes: parts.length === 1 };
  return { parts: train.namesClasses, classes: true };
}

function ambiguous(root: string, candidates: readonly Candidate[]): string {
  const names = listed(
    candidates.map(({ name }) => name),
    4,
  );
  const train = candidates.find(({ part }) => part === "train") ?? candidates.find(({ part }) => part !== null);
  const readings = `either ${train?.name} is a part of the data, or all of them are classes`;
  return `"${root}" has the folders ${names}: ${readings}; expected ${option("trainDir", train?.part === "train" ? train.name : "FOLDER")}, or ${option("trainDir", ".")} for classes`;
}

async function splitsOf(root: string, candidates: readonly Candidate[]): Promise<SplitFolders> {
  const train = choose(candidates, "train");
  if (train === null) {
    const names = listed(
      candidates.map(({ name }) => name),
      4,
    );
    const readings = `they are read as parts, none of them for training`;
    throw new InputError(
      `"${root}" has the folders ${names}: ${readings}; expected a folder train, ${option("trainDir", "FOLDER")}, or ${option("trainDir", ".")} for classes`,
    );
  }
  const parts = await partsOf(
    root,
    candidates.filter((found) => found !== train),
  );
  const folder = await unwrapped(root, train.folder);
  const taken = { training: folder, validation: parts.validation, test: parts.test };
  const isPlain = Object.values(taken).every((path) => path === null || isPlainPart(path));
  const lines = Object.entries(taken).flatMap(([part, path]) => (path === null ? [] : [`${path} is for ${part}`]));
  return { ...parts, train: folder, notes: isPlain ? [] : [lines.join(", ")] };
}

async function partsOf(root: string, candidates: readonly Candidate[]): Promise<Omit<SplitFolders, "train">> {
  const validation = choose(candidates, "validation");
  const test = choose(candidates, "test");
  const unused = candidates.filter((found) => found !== validation && found !== test).map(({ folder }) => folder);
  const path = async (found: Candidate | null) => (found === null ? null : unwrapped(root, found.folder));
  return { validation: await path(validation), test: await path(test), unused, notes: [] };
}

/** The folder of a part, one whose entire name is the part's before others. */
function choose(candidates: readonly Candidate[], part: PartName): Candidate | null {
  const fitting = candidates.filter((found) => found.part === part);
  const plain = fitting.filter(({ name }) => isPlainPart(name));
  const [first, second] = plain.length > 0 ? plain : fitting;
  if (first === undefined || second === undefined || part !== "train") return first ?? null;
  throw new InputError(
    `the folders ${first.folder} and ${second.folder} both look like the training part; expected one, or ${option("trainDir", first.folder)}`,
  );
}

/** A part's folder, or the one in it that holds all its images: `test_set/test_set`. */
async function unwrapped(root: string, folder: string): Promise<string> {
  const { isFlat, inside } = await candidate(root, folder, "");
  const [only] = inside;
  if (isFlat || inside.length !== 1 || only === undefined) return folder;
  const inner = await candidate(root, joined(folder, only), only);
  const isWrapped = inner.part !== null || inner.inside.length > 1;
  return isWrapped ? unwrapped(root, inner.folder) : folder;
}
