// Images on disk, and the class that an image's folder or name gives it.
import { join } from "node:path";
import { compare, listFolder } from "../../files.js";
import { beginsAsImage, isImage } from "../images/image-files.js";
import { imagesBelowEach, isNew, startWalk, visit, type Walk } from "./image-walk.js";

/** An image found, by its path from the data set's root, and its class. */
export interface FoundImage {
  readonly file: string;
  readonly className: string;
}

/** What lies in the folder of one part of a data set. */
export interface FoundPart {
  /** Sorted by path. */
  readonly images: readonly FoundImage[];
  /** The class folders that hold no image. */
  readonly emptyClasses: readonly string[];
  /** The images that neither a folder nor their name gives a class. */
  readonly unnamed: readonly string[];
}

/** `cat.0.jpg`, `cat_12.jpg`, `cat-3.png`, `cat (4).jpg`. */
const classInName = /^(.*?\D)[._\- ]\(?\d+\)?\.[^.]+$/;
/** What cameras, phones and programs begin the names of all pictures with. */
const cameraPrefix =
  /^(dsc[nf]?|_dsc|dscf|img|_mg|image|images|imag|pic|picture|photo|foto|pxl|mvi|vid|wp|p|gopr|dji|scan|frame|screenshot|file|untitled)$/i;

/**
 * The images of `folder` below the walk's root: by class folders where any holds an image, else by names such as `cat.0.jpg`;
 * by these too where a single folder, of no class then (Kaggle's `test1`), lies beside names of two classes or more.
 */
export async function findImages(walk: Walk, folder: string): Promise<FoundPart> {
  const nothing = { images: [], emptyClasses: [], unnamed: [] };
  const inside = (await isNew(walk, folder)) ? await visit(walk, folder) : null;
  if (inside === null) return nothing;
  const found = await imagesBelowEach(walk, inside.folders, folder);
  const classes = inside.folders.map(({ name }, i) => ({ name, files: found[i] as string[] }));
  const images = classes.flatMap(({ name, files }) => files.map((file) => ({ file, className: name })));
  const emptyClasses = classes.filter(({ files }) => files.length === 0).map(({ name }) => name);
  const named = findNamed(inside.images);
  if (images.length === 0) return named;
  if (countClasses(images) === 1 && countClasses(named.images) > 1) {
    return { ...named, unnamed: [...named.unnamed, ...images.map(({ file }) => file)] };
  }
  images.sort((a, b) => compare(a.file, b.file));
  return { images, emptyClasses, unnamed: inside.images };
}

function countClasses(images: readonly FoundImage[]): number {
  return new Set(images.map(({ className }) => className)).size;
}

/** All images below a folder, by their paths from it, sorted. */
export async function imagesBelow(root: string): Promise<string[]> {
  const walk = startWalk(root);
  const inside = (await isNew(walk, "")) ? await visit(walk, "") : null;
  if (inside === null) return [];
  return [...inside.images, ...(await imagesBelowEach(walk, inside.folders, "")).flat()].sort(compare);
}

/** Whether a folder, or one at most `depth` levels below it, holds an image. */
export async function holdsImage(path: string, depth: number): Promise<boolean> {
  const inside = await listFolder(path).catch(() => []);
  const files = inside.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  if (files.some(isImage)) return true;
  const [plain] = files.filter((name) => !name.includes("."));
  if (plain !== undefined && (await beginsAsImage(join(path, plain)))) return true;
  if (depth === 0) return false;
  for (const { name, isFolder } of inside) {
    if (isFolder && (await holdsImage(join(path, name), depth - 1))) return true;
  }
  return false;
}

/** The class that a file's name begins with; null for none, and for the names that cameras give. */
export function classOfName(file: string): string | null {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const className = classInName.exec(name)?.[1]?.trim() ?? "";
  return className === "" || cameraPrefix.test(className) ? null : className;
}

function findNamed(files: readonly string[]): FoundPart {
  const named = files.map((file) => ({ file, className: classOfName(file) }));
  const images = named.filter((image): image is FoundImage => image.className !== null);
  const unnamed = named.filter(({ className }) => className === null).map(({ file }) => file);
  return { images, emptyClasses: [], unnamed };
}
