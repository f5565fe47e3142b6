// Class maps of asymmetric noise: the standard ones of CIFAR-10 and CIFAR-100, or a custom one.
import { InputError } from "../../errors.js";
import { listed } from "../listed.js";
import { checkRange, classNumbers } from "../tables/label-file.js";
import type { ClassMap } from "./class-flips.js";
import type { NamedFlip } from "./spec.js";

/** @see Patrini et al. 2017, section 5 (arXiv 1609.03683) */
const cifar10Flips: readonly NamedFlip[] = [
  ["truck", "automobile"],
  ["bird", "airplane"],
  ["deer", "horse"],
  ["cat", "dog"],
  ["dog", "cat"],
];

/** The 20 superclasses of CIFAR-100, five classes each in the data set's own (alphabetical) order. */
const superclasses = [
  "beaver dolphin otter seal whale",
  "aquarium_fish flatfish ray shark trout",
  "orchid poppy rose sunflower tulip",
  "bottle bowl can cup plate",
  "apple mushroom orange pear sweet_pepper",
  "clock keyboard lamp telephone television",
  "bed chair couch table wardrobe",
  "bee beetle butterfly caterpillar cockroach",
  "bear leopard lion tiger wolf",
  "bridge castle house road skyscraper",
  "cloud forest mountain plain sea",
  "camel cattle chimpanzee elephant kangaroo",
  "fox porcupine possum raccoon skunk",
  "crab lobster snail spider worm",
  "baby boy girl man woman",
  "crocodile dinosaur lizard snake turtle",
  "hamster mouse rabbit shrew squirrel",
  "maple_tree oak_tree palm_tree pine_tree willow_tree",
  "bicycle bus motorcycle pickup_truck train",
  "lawn_mower rocket streetcar tank tractor",
].map((names) => names.split(" "));

const cifar100Flips = superclasses.flatMap((names) => names.map((name, i): NamedFlip => [name, names[(i + 1) % 5]!]));

/** The classes of CIFAR-100 by number, for copies of the data without the file of their names. */
const cifar100Classes = superclasses.flat().sort();

/** The classes of a data set, and its format where it was read from disk. */
export interface ClassNames {
  readonly classes: readonly string[];
  readonly format?: string;
}

/**
 * The standard map of a data set: CIFAR-10's similar classes, CIFAR-100's next class within each superclass (cyclic).
 * @throws InputError for other classes, with an example of a map for them.
 */
export function knownMap({ classes, format }: ClassNames, rate: number): ClassMap {
  const names = format === "cifar-100" && classes.every((name, i) => name === String(i)) ? cifar100Classes : classes;
  for (const flips of [cifar10Flips, cifar100Flips]) {
    if (flips.every((flip) => flip.every((name) => names.includes(name)))) {
      return new Map(flips.map(([source, target]) => [names.indexOf(source), names.indexOf(target)]));
    }
  }
  const [a, b] = classes.some((name) => /[,=]/.test(name)) ? [0, 1] : classes;
  const example = `asymmetric:${rate}:${a}=${b},${b}=${a}`;
  const lacking = `noise "asymmetric:${rate}" has no map for the classes ${listed(classes)}`;
  throw new InputError(`${lacking}; expected a map, such as ${example}`);
}

/**
 * A custom map by the classes' names, or by their numbers where no class has a number for its name.
 * @throws InputError for an unknown class, a class mapped to itself, and a source given twice.
 */
export function namedMap(flips: readonly NamedFlip[], classes: readonly string[]): ClassMap {
  const number = classNumbers(classes);
  const map = new Map<number, number>();
  for (const flip of flips) {
    const where = `noise map "${flip.join("=")}"`;
    const [source, target] = flip.map((name) => number(name, where)) as [number, number];
    for (const label of [source, target]) checkRange(where, "label", label, classes.length);
    if (source === target) throw new InputError(`${where} maps a class to itself; expected another class`);
    if (map.has(source)) throw new InputError(`${where} gives the source a second target; expected one for each`);
    map.set(source, target);
  }
  return map;
}
