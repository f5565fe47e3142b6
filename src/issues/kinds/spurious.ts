// Spurious properties: a brightness, a background, a size that gives the class away.
import { randomFrom } from "../../data/index.js";
import { percent } from "../../format.js";
import type { ImageMeasures } from "../images/measure.js";
import type { IssueEvidence } from "../part.js";
import { countFlags, type IssueKind, type SampleGroup } from "./define-kind.js";
import { holm } from "./holm.js";
import { type BinnedValues, binValues, crossValidatedAdvantages, intervalFor } from "./interval-rule.js";

const properties: Readonly<Record<string, (image: ImageMeasures) => number>> = {
  brightness: ({ brightness }) => brightness,
  "darkest pixels": ({ p1 }) => p1,
  "brightest pixels": ({ p99 }) => p99,
  contrast: ({ contrast }) => contrast,
  sharpness: ({ sharpness }) => sharpness,
  colorfulness: ({ color }) => color,
  red: ({ red }) => red,
  green: ({ green }) => green,
  blue: ({ blue }) => blue,
  "border brightness": ({ border }) => border,
  "border red": ({ borderRed }) => borderRed,
  "border green": ({ borderGreen }) => borderGreen,
  "border blue": ({ borderBlue }) => borderBlue,
  padding: ({ padding }) => padding,
  size: ({ width, height }) => Math.sqrt(width * height),
  "aspect ratio": ({ width, height }) => width / height,
  "bytes of the file": ({ bytes }) => bytes,
};

/** The chance that any property is claimed where none depends on the class. */
const level = 0.05;

/** Random labels that the given ones are compared with: after Holm, p = 0.0425 at best with seventeen properties. */
const permutations = 399;

/** How much more of a class than of the others has the property, at least. 100 images of a class of CIFAR-10 differ by up to 0.53: docs/label-issues.md. */
const leastAdvantage = 0.55;

/** Samples that the tests are made on, evenly spread, and the fewest of a class that is tested. */
const [mostSamples, fewest] = [10_000, 10];

/**
 * For each property and class y, the classifier "y where the property is within an interval", the best interval of 20 quantiles,
 * five-fold cross-validated:
 *
 *     J = P(within | y) - P(within | another class)        0 by chance, however many samples a class has; 1 at best
 *
 * A property is spurious where the largest J of the classes is at least 0.55 and p < 0.05: p is the fraction of 399 random
 * permutations of the labels with as large a J, after Holm for the number of properties. Of each class the property of the largest J
 * is kept. Samples of the class within the interval are flagged; score = J.
 */
export const spurious: IssueKind = {
  name: "spurious",
  title: "spurious properties",
  needs: ["images", "labels"],
  advice: "a network can rely on them instead of the object: vary them within the class, or crop, gray or resize",
  async find(evidence) {
    const images = await evidence.images();
    const found = spuriousProperties(evidence, images);
    const scores = Float32Array.from(images, (image) => (image === null ? Number.NaN : 0));
    const flags = new Uint8Array(images.length);
    for (const { advantage, samples } of found) {
      for (const i of samples) {
        scores[i] = Math.max(scores[i]!, advantage);
        flags[i] = 1;
      }
    }
    const column = { name: "spurious", scores, flags };
    const summary = found.length === 0 ? "none" : `${countFlags(column)} samples; ${found[0]!.text}`;
    return { columns: [column], groups: found, summary };
  },
};

interface Found extends SampleGroup {
  readonly advantage: number;
}

/** A class that a property gives away. */
interface Rule {
  readonly name: string;
  readonly binned: BinnedValues;
  readonly label: number;
  readonly advantage: number;
  readonly p: number;
}

/** A property, and how far it gives each class away. */
interface Tested {
  readonly name: string;
  readonly binned: BinnedValues;
  /** (classes) */
  readonly advantages: Float64Array;
}

/** One for each class that has any, the largest advantage first. */
function spuriousProperties({ part, classes }: IssueEvidence, images: readonly (ImageMeasures | null)[]): Found[] {
  const rows = testedRows(part.labels);
  const tested = Object.entries(properties).flatMap(([name, measure]): Tested[] => {
    const values = Float64Array.from(images, (image) => (image === null ? Number.NaN : measure(image)));
    const binned = binValues(values, part.labels, rows);
    const advantages = advantagesOf(binned, binned.labels, classes.length);
    return binned.ranges.length < 2 ? [] : [{ name, binned, advantages }];
  });
  const ps = holm(pValues(tested, part.labels, rows));
  const rules = tested.flatMap(({ name, binned, advantages }, i) =>
    Array.from(advantages, (advantage, label): Rule => ({ name, binned, label, advantage, p: ps[i]! })),
  );
  const kept = rules.filter(({ p, advantage }) => p < level && advantage >= leastAdvantage);
  kept.sort((a, b) => b.advantage - a.advantage);
  const strongest = kept.filter(({ label }, i) => kept.findIndex((rule) => rule.label === label) === i);
  return strongest.map((rule) => foundBy(rule, classes));
}

const advantagesOf = (binned: BinnedValues, labels: Int32Array, classes: number) =>
  crossValidatedAdvantages(binned, labels, classes, fewest);

/** Labeled samples, evenly spread over the data. */
function testedRows(labels: Int32Array): Int32Array {
  const labeled = Int32Array.from(labels.keys()).filter((i) => labels[i]! >= 0);
  const step = Math.max(1, labeled.length / mostSamples);
  return Int32Array.from({ length: Math.min(labeled.length, mostSamples) }, (_, k) => labeled[Math.floor(k * step)]!);
}

/** Of the largest advantage of each property; 1, untested, where that is too small to count. */
function pValues(tested: readonly Tested[], labels: Int32Array, rows: Int32Array): number[] {
  const asLarge = tested.map(() => 0);
  const largest = tested.map(({ advantages }) => Math.max(...advantages));
  const counting = [...tested.keys()].filter((i) => largest[i]! >= leastAdvantage);
  const random = randomFrom(rows.length, "spurious properties");
  const shuffled = new Int32Array(labels.length);
  for (let round = 0; round < permutations && counting.length > 0; round++) {
    random.permutation(rows.length).forEach((other, k) => {
      shuffled[rows[k]!] = labels[rows[other]!]!;
    });
    for (const i of counting) {
      const { binned, advantages } = tested[i]!;
      const given = binned.rows.map((row) => shuffled[row]!);
      const atRandom = Math.max(...advantagesOf(binned, given, advantages.length));
      if (atRandom >= largest[i]!) asLarge[i]! += 1;
    }
  }
  const p = (i: number) => (1 + asLarge[i]!) / (1 + permutations);
  return tested.map((_, i) => (largest[i]! >= leastAdvantage ? p(i) : 1));
}

const figure = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

function foundBy({ name, binned, label, advantage, p }: Rule, classes: readonly string[]): Found {
  const { from, to } = intervalFor(binned, label, classes.length);
  const [low, high] = [binned.ranges[from]![0], binned.ranges[to]![1]];
  const within = Array.from(binned.rows.keys()).filter((row) => binned.bins[row]! >= from && binned.bins[row]! <= to);
  const samples = within.filter((row) => binned.labels[row] === label).map((row) => binned.rows[row]!);
  const own = binned.labels.filter((given) => given === label).length;
  const inside = samples.length / own;
  const outside = (within.length - samples.length) / Math.max(1, binned.labels.length - own);
  const range = `${figure.format(low)} to ${figure.format(high)}`;
  const text = `${classes[label]}: ${name} ${range} in ${percent(inside)} of its images, in ${percent(outside)} of the others`;
  const figures = { class: classes[label]!, property: name, low, high, inside, outside, advantage, p };
  return { samples, text, figures, advantage };
}
