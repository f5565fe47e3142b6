// Parses the `noise` option.
import { didYouMean, InputError } from "../../errors.js";
import { parseRate } from "./rate.js";

const rateKinds = ["symmetric", "pair", "instance"] as const;
const imageKinds = ["gaussian", "random-pixels", "shuffled-pixels"] as const;
const fileKinds = ["file", "matrix"] as const;
const kinds = ["none", "asymmetric", ...rateKinds, ...imageKinds, ...fileKinds] as const;

/** A kind of noise that replaces images and leaves their labels. */
export type ImageNoiseKind = (typeof imageKinds)[number];

/** Images to corrupt: a fraction of them, or those that a file lists. */
export type ImageNoise =
  | { readonly kind: ImageNoiseKind; readonly rate: number }
  | { readonly kind: ImageNoiseKind; readonly path: string };

/** A source class, by name or number, and the class that its samples are mislabeled as. */
export type NamedFlip = readonly [source: string, target: string];

/** Label noise. */
export type LabelNoise =
  | { readonly kind: "none" }
  | { readonly kind: (typeof rateKinds)[number]; readonly rate: number }
  | { readonly kind: "asymmetric"; readonly rate: number; readonly map?: readonly NamedFlip[] }
  | { readonly kind: (typeof fileKinds)[number]; readonly path: string };

/** The noise added to the training data. */
export type NoiseSpec = LabelNoise | ImageNoise;

const expected =
  "expected none, symmetric:RATE (such as symmetric:0.4), asymmetric:RATE, asymmetric:RATE:cat=dog,dog=cat, pair:RATE, " +
  "instance:RATE, matrix:PATH, file:PATH, gaussian:RATE, random-pixels:RATE or shuffled-pixels:RATE";

/**
 * Parses the `noise` option: KIND:RATE, `asymmetric:RATE:SOURCE=TARGET,...`, `file:PATH`, `matrix:PATH`, or an image
 * noise with a `.npy` file of image indices in place of the rate.
 * @throws InputError for an unknown kind, a rate outside [0, 1], or a map that is not a list of pairs.
 */
export function parseNoise(text: string): NoiseSpec {
  const [kind, value] = parts(text);
  if (text === "none") return { kind: "none" };
  if (isOneOf(rateKinds, kind)) return { kind, rate: parseRate(value) };
  if (kind === "asymmetric") return parseAsymmetric(value);
  if (isOneOf(fileKinds, kind) && value !== "") return { kind, path: value };
  if (isOneOf(imageKinds, kind)) return isPath(value) ? { kind, path: value } : { kind, rate: parseRate(value) };
  const guess = isOneOf(kinds, kind) ? "" : didYouMean(kind, kinds);
  throw new InputError(`noise "${text}" is unknown${guess}; ${expected}`);
}

/** Whether a noise replaces images. */
export function isImageNoise(spec: NoiseSpec): spec is ImageNoise {
  return isOneOf(imageKinds, spec.kind);
}

/** The option with the path of its file changed, where it names one. */
export function withNoisePath(text: string, change: (path: string) => string): string {
  const [kind, value] = parts(text);
  const named = (isOneOf(fileKinds, kind) && value !== "") || (isOneOf(imageKinds, kind) && isPath(value));
  return named ? `${kind}:${change(value)}` : text;
}

function parseAsymmetric(value: string): NoiseSpec {
  const [rate, map] = parts(value);
  if (!value.includes(":")) return { kind: "asymmetric", rate: parseRate(rate) };
  return { kind: "asymmetric", rate: parseRate(rate), map: map.split(",").map(parseFlip) };
}

function parseFlip(text: string): NamedFlip {
  const [source = "", target = "", ...more] = text.split("=").map((name) => name.trim());
  if (source !== "" && target !== "" && more.length === 0) return [source, target];
  throw new InputError(
    `noise map "${text}" is not a pair of classes; expected SOURCE=TARGET,... such as cat=dog,dog=cat`,
  );
}

/** The text before the first colon, and after it. */
function parts(text: string): [kind: string, value: string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

const isPath = (value: string) => /\.npy$/i.test(value);

function isOneOf<Known extends string>(known: readonly Known[], text: string): text is Known {
  return (known as readonly string[]).includes(text);
}
