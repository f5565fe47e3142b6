// Finding images on disk, and the class that an image's folder or name gives it.
import { extname, join } from "node:path";
import { compare, type Entry, forEachBounded, listFolder } from "../files.js";
import { isImage } from "./images.js";

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
  /** The endings of files that are no images, one a file. */
  readonly others: readonly string[];
}

/** `cat.0.jpg`, `cat_12.jpg`, `cat-3.png`, `cat (4).jpg`. */
const classInName = /^(.*?\D)[._\- ]\(?\d+\)?\.[^.]+$/;
const deepest = 8;
/** Class folders that are listed at a time; a network disk answers many as fast as one. */
const listedAtOnce = 16;

/**
 * The images of `folder` below `root`: by class folders where any holds an image, else by names such as `cat.0.jpg`; by these
 * too where a single folder, of no class then (Kaggle's `test1`), lies beside names of two classes or more.
 */
export async function findImages(root: string, folder: string): Promise<FoundPart> {
  const inside = await listFolder(join(root, folder));
  const others: string[] = [];
  const images: FoundImage[] = [];
  const emptyClasses: string[] = [];
  const folders = inside.filter(({ isFolder }) => isFolder);
  const found: string[][] = [];
  await forEachBounded(folders.length, listedAtOnce, async (i) => {
    found[i] = await walk(root, joined(folder, (folders[i] as Entry).name), others);
  });
  for (const [i, { name }] of folders.entries()) {
    const files = found[i] as string[];
    for (const file of files) images.push({ file, className: name });
    if (files.length === 0) emptyClasses.push(name);
  }
  const named = findNamed(folder, inside);
  if (images.length === 0) return named;
  if (countClasses(images) === 1 && countClasses(named.images) > 1) {
    return { ...named, unnamed: [...named.unnamed, ...images.map(({ file }) => file)] };
  }
  images.sort((a, b) => compare(a.file, b.file));
  return { images, emptyClasses, unnamed: imagesIn(inside).map((name) => joined(folder, name)), others };
}

function countClasses(images: readonly FoundImage[]): number {
  return new Set(images.map(({ className }) => className)).size;
}

/** Whether a folder, or one at most `depth` levels below it, holds an image. */
export async function holdsImage(path: string, depth: number): Promise<boolean> {
  const inside = await listFolder(path).catch(() => []);
  if (imagesIn(inside).length > 0) return true;
  if (depth === 0) return false;
  for (const { name, isFolder } of inside) {
    if (isFolder && (await holdsImage(join(path, name), depth - 1))) return true;
  }
  return false;
}

function findNamed(folder: string, inside: readonly Entry[]): FoundPart {
  const images: FoundImage[] = [];
  const unnamed: string[] = [];
  for (const name of imagesIn(inside)) {
    const className = classInName.exec(name)?.[1]?.trim();
    if (className === undefined || className === "") unnamed.push(joined(folder, name));
    else images.push({ file: joined(folder, name), className });
  }
  const files = inside.filter(({ name, isFolder }) => !isFolder && !isImage(name));
  return { images, emptyClasses: [], unnamed, others: files.map(({ name }) => extname(name)) };
}

/** All images below a folder, by their paths from it, sorted. */
export async function imagesBelow(root: string): Promise<string[]> {
  return (await walk(root, "", [])).sort(compare);
}

/** All images below a folder; the endings of other files are added to `others`. */
async function walk(root: string, folder: string, others: string[], depth = 0): Promise<string[]> {
  if (depth > deepest) return [];
  const images: string[] = [];
  for (const { name, isFolder } of await listFolder(join(root, folder))) {
    const file = joined(folder, name);
    if (isFolder) images.push(...(await walk(root, file, others, depth + 1)));
    else if (isImage(name)) images.push(file);
    else others.push(extname(name));
  }
  return images;
}

function imagesIn(inside: readonly Entry[]): string[] {
  return inside.filter(({ name, isFolder }) => !isFolder && isImage(name)).map(({ name }) => name);
}

/** Paths in data sets are written with `/` everywhere, so that their order agrees between systems. */
function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
