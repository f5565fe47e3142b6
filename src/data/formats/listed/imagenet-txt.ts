// ImageNet's lists, as CVAT and Datumaro write them: `synsets.txt` with a class a line, `<subset>.txt` with a name and a number a line.
import { basename, join } from "node:path";
import { InputError } from "../../../errors.js";
import { fileNames } from "../../files.js";
import { leftOut } from "../../listed.js";
import { type PartName, partOfName, partsOfFiles } from "../../part-names.js";
import { readText } from "../../tables/decode-text.js";
import type { DataSet, Format } from "../../types.js";
import { type Item, readItemSet } from "./item-set.js";
import { locate } from "./locate.js";

const classFile = "synsets.txt";
const row = /^(.+?)\s+(\d+)$/;

/** A folder with `synsets.txt` and a list for each part; the images are below it. */
export const imagenetTxt: Format = {
  name: "imagenet-txt",
  async detect(path) {
    const names = await fileNames(path);
    return names.includes(classFile) && names.some(isList);
  },
  async read(path, options): Promise<DataSet> {
    const names = await fileNames(path);
    const lists = names.filter(isList);
    if (!names.includes(classFile) || lists.length === 0) {
      throw new InputError(`"${path}" has no ${classFile} with lists beside it; expected both`);
    }
    // "n01440764 tench, Tinca tinca" is one class.
    const classes = await linesOf(join(path, classFile));
    const parts = partsOfFiles(lists.map((list) => partOfName(basename(list, ".txt"))));
    const read = await Promise.all(lists.map((list, i) => itemsOf(join(path, list), parts[i]!, classes)));
    const { items, notes } = await locate(path, path, read.flat());
    const unused = leftOut(
      "lists of no part",
      lists.filter((_, i) => parts[i] === null),
    );
    return readItemSet(
      { format: "imagenet-txt", path, folder: path, classes, items, notes: [...unused, ...notes] },
      options,
    );
  },
};

const isList = (name: string) => name.endsWith(".txt") && name !== classFile && !/^(readme|license)/i.test(name);

/** The items of a list; none of one that is of no part. */
async function itemsOf(path: string, part: PartName | null, classes: readonly string[]): Promise<Item[]> {
  if (part === null) return [];
  return (await linesOf(path)).map((line, i) => {
    const where = `${path}, line ${i + 1}`;
    const [, file, number] = row.exec(line) ?? [];
    if (file === undefined) throw new InputError(`${where}: "${line}"; expected a file and a class number`);
    const text = classes[Number(number)];
    if (text !== undefined) return { file, where, text, part };
    throw new InputError(`${where}: class ${number} is out of range; expected 0 to ${classes.length - 1}`);
  });
}

const linesOf = async (path: string) => {
  const { text } = await readText(path);
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
};
