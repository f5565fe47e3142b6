// The search for images that a network answers wrongly: attack after attack, batch after batch, on the samples still standing.
import { setImmediate } from "node:timers/promises";
import { batchBounds } from "../../data/index.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import { answer } from "../steps/gradient.js";
import type { Attack, AttackBatch, Ball, Classifier } from "../types.js";
import { requireInside } from "./verify.js";

/** In `brokenBy`: answered wrongly as it is; and answered rightly so far. */
export const WRONG = -2;
export const STANDING = -1;

/** Where a search stands: plain data, so that it survives JSON. It changes as the search goes on. */
export interface SearchState {
  /** Which samples of the data, ascending. */
  readonly index: readonly number[];
  /** What the network answers to each as it is. */
  readonly answers: readonly number[];
  /** WRONG, STANDING, or the number of the attack that brought the sample down. */
  readonly brokenBy: number[];
  /** What the network answers to the image that brought the sample down; -1 where none did. */
  readonly attacked: number[];
  /** The next batch to try: of this attack, after so many batches of it. */
  attack: number;
  batch: number;
  /** Of each attack so far. */
  readonly seconds: number[];
}

/** The images of a batch that brought their samples down. */
export interface Broken {
  /** Places in the state's lists. */
  readonly places: readonly number[];
  /** Pixels of each, as it was and attacked. */
  readonly clean: readonly Float32Array[];
  readonly attacked: readonly Float32Array[];
}

/** A network, and the samples that it is asked about. */
export interface Asked {
  readonly model: Classifier;
  /** The samples at these positions of the data, made in the scope that is then open. */
  readonly batch: (index: Int32Array) => AttackBatch;
  /** Loads samples from their files before `batch` is called with them; resolves to those that can be decoded. */
  readonly load?: ((index: Int32Array) => Promise<Int32Array>) | undefined;
}

export interface SearchOptions extends Asked {
  readonly attacks: readonly Attack[];
  readonly ball: Ball;
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch, when the state says that it is done. */
  readonly onBatch?: ((broken: Broken) => void) | undefined;
}

/** The beginning of a search: what the network answers to the samples as they are. Images that cannot be decoded are left out. */
export async function beginSearch(all: Int32Array, { model, batch, load }: Asked): Promise<SearchState> {
  const index: number[] = [];
  const answers: number[] = [];
  const brokenBy: number[] = [];
  for (const [start, end] of batchBounds(all.length, 256)) {
    const requested = all.subarray(start, end);
    const readable = (await load?.(requested)) ?? requested;
    index.push(...readable);
    scope(() => {
      if (readable.length === 0) return;
      const { images, labels } = batch(readable);
      const own = numbersIn(labels);
      for (const [i, answer] of answersTo(model, images).entries()) {
        answers.push(answer);
        brokenBy.push(answer === own[i] ? STANDING : WRONG);
      }
    });
    await setImmediate();
  }
  const attacked = answers.map(() => -1);
  return { index, answers, brokenBy, attacked, attack: 0, batch: 0, seconds: [] };
}

/** One attack of those that were tried one after the other. */
export interface TriedAttack {
  readonly name: string;
  /** Share of all samples that are answered rightly after this attack and those before it. */
  readonly robustAccuracy: number;
  /** How many samples it was tried on: those that were left standing. */
  readonly tried: number;
  /** How many of these it brought down. */
  readonly broken: number;
  readonly seconds: number;
}

/** What a search that is done came to: how many samples were answered rightly as they are, and how many after all attacks. */
export function countSearch(state: SearchState, attacks: readonly Attack[]) {
  const { brokenBy, seconds } = state;
  const tried = attacks.map(({ name }, i): TriedAttack => {
    const before = triedBy(state, i).length;
    const broken = brokenBy.filter((by) => by === i).length;
    const robustAccuracy = (before - broken) / brokenBy.length;
    return { name, robustAccuracy, tried: before, broken, seconds: seconds[i] ?? 0 };
  });
  const natural = brokenBy.filter((by) => by !== WRONG).length;
  const robust = brokenBy.filter((by) => by === STANDING).length;
  return { natural, robust, tried };
}

/** The places of the samples that an attack is tried on: those that stood when it began. */
export function triedBy({ brokenBy }: Pick<SearchState, "brokenBy">, attack: number): number[] {
  return [...brokenBy.keys()].filter((i) => brokenBy[i] === STANDING || (brokenBy[i] as number) >= attack);
}

/**
 * Tries each attack on the samples that those before it left standing. Between batches it yields, and looks whether it is
 * to stop. Every image is checked, and its answer asked for, apart from the attack.
 * @returns whether it came to its end
 * @throws Error for an attack that leaves its ball or the range of pixels.
 */
export async function search(state: SearchState, options: SearchOptions): Promise<boolean> {
  const { attacks, batchSize, signal, onBatch } = options;
  for (; state.attack < attacks.length; state.attack++, state.batch = 0) {
    state.seconds[state.attack] ??= 0;
    const places = triedBy(state, state.attack);
    const bounds = batchBounds(places.length, batchSize);
    while (state.batch < bounds.length) {
      // Before each batch, so that a signal that comes in the last one changes nothing.
      await setImmediate();
      if (signal?.aborted) return false;
      const [start, end] = bounds[state.batch] as [number, number];
      const tried = places.slice(start, end);
      await options.load?.(samplesAt(state, tried));
      const broken = tryBatch(state, tried, options);
      state.batch++;
      onBatch?.(broken);
    }
  }
  return true;
}

const samplesAt = ({ index }: SearchState, places: readonly number[]) =>
  Int32Array.from(places, (place) => index[place] as number);

function tryBatch(state: SearchState, places: readonly number[], options: SearchOptions): Broken {
  const { attacks, model, batch, ball } = options;
  const attack = attacks[state.attack] as Attack;
  return scope(() => {
    const points = batch(samplesAt(state, places));
    const { images } = points;
    const own = numbersIn(points.labels);
    const began = performance.now();
    const attacked = attack.perturb(model, points);
    state.seconds[state.attack] = (state.seconds[state.attack] ?? 0) + (performance.now() - began) / 1000;
    requireInside(attack, attacked, images, ball);
    const answers = answersTo(model, attacked);
    const rows = [...places.keys()].filter((row) => answers[row] !== own[row]);
    for (const row of rows) {
      state.brokenBy[places[row] as number] = state.attack;
      state.attacked[places[row] as number] = answers[row] as number;
    }
    const broken = rows.map((row) => places[row] as number);
    return { places: broken, clean: pixelsOf(images, rows), attacked: pixelsOf(attacked, rows) };
  });
}

/** What a network answers to images, a class number each. */
export function answersTo(model: Classifier, images: Tensor): Int32Array {
  return scope(() => numbersIn(answer(model, images).argmax({ dim: 1 })));
}

const numbersIn = (values: Tensor) => Int32Array.from(values.data() as BigInt64Array, Number);

/** The values of some images, an array each. */
function pixelsOf(images: Tensor, rows: readonly number[]): Float32Array[] {
  if (rows.length === 0) return [];
  const chosen = images.indexSelect(0, tensor(Int32Array.from(rows)).to(images.device));
  const values = chosen.detach().to("float32").data() as Float32Array;
  const size = values.length / rows.length;
  return rows.map((_, i) => values.slice(i * size, (i + 1) * size));
}
