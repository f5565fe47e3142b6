// Folders of images: a folder a class, or names that begin with the class; in folders of parts (train, val, test) or not.
import { extname, join } from "node:path";
import { InputError } from "../../../errors.js";
import { compare, fileNames, kindOf } from "../../files.js";
import { leftOut, listed } from "../../listed.js";
import { tableEndings } from "../../tables/table.js";
import type { DataSet, Format } from "../../types.js";
import { lookAlikes, noClasses } from "../classes.js";
import type { ImageEntry } from "../images/each-image.js";
import { imageEndings } from "../images/image-files.js";
import { readImages } from "../images/images.js";
import { type FoundImage, type FoundPart, findImages, holdsImage } from "./class-folders.js";
import { splitInsideClasses } from "./class-splits.js";
import { type PassedOver, startWalk, type Walk } from "./image-walk.js";
import { labelByTable } from "./part-table.js";
import { sharedFiles } from "./shared-files.js";
import { findSplits } from "./split-folders.js";

const expectedLayout = `expected a folder a class, or names such as cat.0.jpg, ending in ${imageEndings.join(", ")}`;

/**
 * Class folders of images, ImageNet's layout among them, and flat folders of `cat.0.jpg` names; to learn without labels any
 * folder of images. Images of the validation and test parts whose class training lacks are left out with a note.
 */
export const folders: Format = {
  name: "folders",
  detect: async (path) => (await kindOf(path)) === "folder" && (await holdsImage(path, 4)),
  async read(path, options): Promise<DataSet> {
    const splits = await findSplits(path, options.trainDir);
    const walk = startWalk(path);
    const inside = splitInsideClasses(await findImages(walk, splits.train));
    const { train } = inside;
    const loose = options.unlabeled ? train.unnamed : [];
    if (loose.length === 0) await checkTrain(join(path, splits.train), train, walk);
    const found = {
      validation: inside.validation ?? (await partAt(splits.validation, (folder) => findImages(walk, folder))),
      test: inside.test ?? (await partAt(splits.test, (folder) => findImages(walk, folder))),
    };
    if (!options.singleClass && !options.unlabeled) await refuseOneClass(path, train);
    if (options.strict && walk.unreadable.length > 0) {
      throw new InputError(`"${path}": cannot be read: ${listed(walk.unreadable, 3)}`);
    }
    const classes = classNames(train, options.unlabeled ? [found.validation, found.test] : []);
    const labeled = async (name: "validation" | "test") => {
      const [folder, part] = [splits[name], found[name]];
      if (folder === null || part === null) return { found: part, notes: [] };
      return labelByTable({ name, root: path, folder, found: part, classes });
    };
    const { found: validation, notes: validationTable } = await labeled("validation");
    const { found: test, notes: testTable } = await labeled("test");
    const known = {
      validation: knownOf("validation", splits.validation, validation, classes),
      test: knownOf("test", splits.test, test, classes),
    };
    const tested = entries(known.test.images, classes);
    const images = await readImages(
      {
        folder: path,
        train: [
          ...entries(train.images, classes),
          ...entries(known.validation.images, classes).map((entry) => ({ ...entry, isValidation: true })),
          ...loose.map((file) => ({ file, label: -1 })),
        ].sort(byFile),
        test: tested.length === 0 ? null : tested,
      },
      options,
    );
    const parts = [{ ...train, unnamed: train.unnamed.slice(loose.length) }, validation, test];
    return {
      format: "folders",
      classes,
      ...images,
      notes: [
        ...splits.notes,
        ...inside.notes,
        ...validationTable,
        ...testTable,
        ...leftOut("folders that are no part of the data", splits.unused),
        ...notesOf(parts.filter((part) => part !== null)),
        ...passedOver(walk),
        ...(await sharedFiles(
          walk,
          [train, validation, test].flatMap((part) => part?.images ?? []),
        )),
        ...lookAlikes(classes),
        ...known.validation.notes,
        ...known.test.notes,
        ...images.notes,
      ],
    };
  },
};

const partAt = async <Part>(folder: string | null, read: (folder: string) => Promise<Part>) =>
  folder === null ? null : read(folder);

async function checkTrain(path: string, { images, unnamed }: FoundPart, { root, others, unreadable }: Walk) {
  if (images.length > 0) return;
  if (unreadable.length > 0) throw new InputError(`"${path}": cannot be read: ${listed(unreadable, 3)}`);
  const endings = others.length === 0 ? "" : ` (it holds files ending in ${endingsOf(others)})`;
  const found = unnamed.length === 0 ? `no images${endings}` : `images without a class, such as ${unnamed[0]}`;
  throw new InputError(`"${path}" has ${found}; ${(await tableInstead([root, path])) ?? expectedLayout}`);
}

/** A single class is refused later; here where a table may hold the labels. */
async function refuseOneClass(path: string, { images }: FoundPart): Promise<void> {
  const classes = new Set(images.map(({ className }) => className));
  const table = classes.size === 1 ? await tableInstead([path]) : null;
  if (table === null) return;
  throw new InputError(`only one class found, "${images[0]?.className}"; ${table}`);
}

/** What to give in place of folders that hold a table of labels; null where they hold none. */
async function tableInstead(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const tables = (await fileNames(folder)).filter((name) => tableEndings.includes(extname(name).toLowerCase()));
    const [first] = tables;
    if (first !== undefined)
      return `it holds ${listed(tables, 3)}: expected a table of the labels as the data, such as ${join(folder, first)}`;
  }
  return null;
}

/** The training part's classes; without labels those of the other parts too, and a single one where there is none. */
function classNames(train: FoundPart, others: readonly (FoundPart | null)[]): readonly string[] {
  const names = new Map<string, string>();
  for (const { className } of [train, ...others].flatMap((part) => part?.images ?? [])) {
    if (!names.has(keyOf(className))) names.set(keyOf(className), className);
  }
  return names.size === 0 ? noClasses : [...names.values()].sort(compare);
}

const keyOf = (name: string) => name.normalize("NFC");
const byFile = (a: ImageEntry, b: ImageEntry) => compare(a.file, b.file);

function entries(images: readonly FoundImage[], classes: readonly string[]): ImageEntry[] {
  const numbers = new Map(classes.map((name, i) => [keyOf(name), i]));
  return images.map(({ file, className }) => ({ file, label: numbers.get(keyOf(className)) as number }));
}

interface Known {
  readonly images: readonly FoundImage[];
  readonly notes: readonly string[];
}

/** The images of a part that are of the training part's classes, and a note on the others. */
function knownOf(part: string, folder: string | null, found: FoundPart | null, classes: readonly string[]): Known {
  const all = found?.images ?? [];
  const names = new Set(classes.map(keyOf));
  const images = all.filter(({ className }) => names.has(keyOf(className)));
  const unknown = [...new Set(all.map(({ className }) => className))].filter((name) => !names.has(keyOf(name)));
  const count = `${all.length - images.length} of ${all.length} ${part} images`;
  const lacking =
    unknown.length === 0 ? [] : [`left out: ${count}, of classes that training lacks: ${listed(unknown, 3)}`];
  const unused =
    found !== null && images.length === 0
      ? [`there is no ${part} part: no image in ${folder} has a class of training`]
      : [];
  return { images, notes: [...lacking, ...unused] };
}

function notesOf(parts: readonly FoundPart[]): string[] {
  return [
    ...leftOut(
      "images without a class",
      parts.flatMap(({ unnamed }) => unnamed),
    ),
    ...leftOut(
      "folders without an image",
      parts.flatMap(({ emptyClasses }) => emptyClasses),
    ),
  ];
}

const endingsOf = (others: readonly string[]) =>
  listed([...new Set(others)].map((ending) => ending || "no ending").sort(compare), 3);

function passedOver({ others, systemFolders, unreadable, repeated, tooDeep }: PassedOver): string[] {
  return [
    ...(others.length === 0 ? [] : [`left out: files that are no images (${others.length}): ${endingsOf(others)}`]),
    ...leftOut("folders that systems make", systemFolders),
    ...leftOut("folders that cannot be read", unreadable),
    ...leftOut("links to folders that were read already", repeated),
    ...leftOut("folders more than eight levels below a class", tooDeep),
  ];
}
