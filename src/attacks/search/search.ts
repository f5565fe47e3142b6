// The search for adversarial examples: attack after attack, batch after batch, on the samples still classified correctly.
import { setImmediate } from "node:timers/promises";
import { batchBounds } from "../../data/loader/batch-source.js";
import { distributed, scope, type Tensor, tensor } from "../../torch/index.js";
import { logitsOf } from "../steps/gradient.js";
import type { Attack, AttackBatch, Ball, Classifier } from "../types.js";
import type { AdversarialExamples } from "./adversarial-examples.js";
import { gatherFooled, isStopped } from "./ranks.js";
import { requireInside } from "./verify.js";

/** In `fooledBy`: misclassified without any attack; and classified correctly so far. */
const MISCLASSIFIED = -2;
export const STILL_CORRECT = -1;

/** The state of a search: plain data, so that it survives JSON. The search updates it. */
export interface SearchState {
  /** Positions in the data, ascending. */
  readonly index: readonly number[];
  /** The predicted class of each clean image. */
  readonly predictions: readonly number[];
  /** MISCLASSIFIED, STILL_CORRECT, or the number of the attack that fooled the network on this sample. */
  readonly fooledBy: number[];
  /** The predicted class of the adversarial example; -1 where there is none. */
  readonly attacked: number[];
  /** The next batch to try: of this attack, after so many batches of it. */
  attack: number;
  batch: number;
  /** Of each attack so far. */
  readonly seconds: number[];
}

/** A network and the samples that it classifies. */
export interface SearchTarget {
  readonly model: Classifier;
  /** The samples at these positions of the data, made in the scope that is then open. */
  readonly batch: (index: Int32Array) => AttackBatch;
  /** Loads samples from their files before `batch` is called with them; resolves to those that can be decoded. */
  readonly load?: ((index: Int32Array) => Promise<Int32Array>) | undefined;
  /** The ranks that search together, each in its block of every batch; all get the state of all (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
}

export interface SearchOptions extends SearchTarget {
  readonly attacks: readonly Attack[];
  readonly ball: Ball;
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch, when the state includes it. */
  readonly onBatch?: ((examples: AdversarialExamples) => void) | undefined;
}

/** The start of a search: the predictions on the clean images. Images that cannot be decoded are left out. */
export async function startSearch(all: Int32Array, target: SearchTarget): Promise<SearchState> {
  const { model, batch, load, group = distributed.soloGroup } = target;
  const own = distributed.blockOf(all, group);
  const index: number[] = [];
  const predictions: number[] = [];
  const fooledBy: number[] = [];
  for (const [start, end] of batchBounds(own.length, 256)) {
    const requested = own.subarray(start, end);
    const readable = (await load?.(requested)) ?? requested;
    index.push(...readable);
    scope(() => {
      if (readable.length === 0) return;
      const { images, labels } = batch(readable);
      const given = numbersIn(labels);
      for (const [i, prediction] of predictClasses(model, images).entries()) {
        predictions.push(prediction);
        fooledBy.push(prediction === given[i] ? STILL_CORRECT : MISCLASSIFIED);
      }
    });
    await setImmediate();
  }
  const ofAll = async (values: readonly number[]) => [
    ...(await distributed.gatherValues(group, Int32Array.from(values))),
  ];
  const clean = { index: await ofAll(index), predictions: await ofAll(predictions), fooledBy: await ofAll(fooledBy) };
  return { ...clean, attacked: clean.index.map(() => -1), attack: 0, batch: 0, seconds: [] };
}

/** One attack of a sequence. */
export interface TriedAttack {
  readonly name: string;
  /** Fraction of all samples that are classified correctly after this attack and those before it. */
  readonly robustAccuracy: number;
  /** How many samples it was tried on: those still classified correctly before it. */
  readonly tried: number;
  /** On how many of these it fooled the network. */
  readonly fooled: number;
  readonly seconds: number;
}

/** The result of a finished search: the number of samples classified correctly without attacks, and after all of them. */
export function summarizeSearch(state: SearchState, attacks: readonly Attack[]) {
  const { fooledBy, seconds } = state;
  const tried = attacks.map(({ name }, i): TriedAttack => {
    const before = positionsTried(state, i).length;
    const fooled = fooledBy.filter((by) => by === i).length;
    const robustAccuracy = (before - fooled) / fooledBy.length;
    return { name, robustAccuracy, tried: before, fooled: fooled, seconds: seconds[i] ?? 0 };
  });
  const natural = fooledBy.filter((by) => by !== MISCLASSIFIED).length;
  const robust = fooledBy.filter((by) => by === STILL_CORRECT).length;
  return { natural, robust, tried };
}

/** The positions of the samples that an attack is tried on: those classified correctly when it started. */
export function positionsTried({ fooledBy }: Pick<SearchState, "fooledBy">, attack: number): number[] {
  return [...fooledBy.keys()].filter((i) => fooledBy[i] === STILL_CORRECT || (fooledBy[i] as number) >= attack);
}

/**
 * Tries each attack on the samples still classified correctly after those before it. Between batches it yields to the event
 * loop and checks the signal. Every attacked image is verified and classified again, independently of the attack.
 * @returns whether it finished
 * @throws Error for an attack that leaves its ball or the range of pixels.
 */
export async function search(state: SearchState, options: SearchOptions): Promise<boolean> {
  const { attacks, batchSize, signal, onBatch, group = distributed.soloGroup } = options;
  for (; state.attack < attacks.length; state.attack++, state.batch = 0) {
    state.seconds[state.attack] ??= 0;
    const positions = positionsTried(state, state.attack);
    const bounds = batchBounds(positions.length, batchSize);
    while (state.batch < bounds.length) {
      // Before each batch, so that a signal during the last one changes nothing.
      await setImmediate();
      if (await isStopped(group, signal)) return false;
      const [start, end] = bounds[state.batch] as [number, number];
      const own = [...distributed.blockOf(Int32Array.from(positions.slice(start, end)), group)];
      await options.load?.(samplesAt(state, own));
      const fooled = await gatherFooled(group, own.length === 0 ? nobody : attackBatch(state, own, options));
      count(state, fooled);
      state.batch++;
      onBatch?.(fooled);
    }
  }
  return true;
}

const samplesAt = ({ index }: SearchState, positions: readonly number[]) =>
  Int32Array.from(positions, (position) => index[position] as number);

const nobody: AdversarialExamples = { positions: [], predictions: [], clean: [], attacked: [] };

function count(state: SearchState, { positions, predictions }: AdversarialExamples): void {
  for (const [i, position] of positions.entries()) {
    state.fooledBy[position] = state.attack;
    state.attacked[position] = predictions[i] as number;
  }
}

function attackBatch(state: SearchState, positions: readonly number[], options: SearchOptions): AdversarialExamples {
  const { attacks, model, batch, ball } = options;
  const attack = attacks[state.attack] as Attack;
  return scope(() => {
    const clean = batch(samplesAt(state, positions));
    const labels = numbersIn(clean.labels);
    const started = performance.now();
    const attacked = attack.perturb(model, clean);
    state.seconds[state.attack] = (state.seconds[state.attack] ?? 0) + (performance.now() - started) / 1000;
    requireInside(attack, attacked, clean.images, ball);
    const predictions = predictClasses(model, attacked);
    const rows = [...positions.keys()].filter((row) => predictions[row] !== labels[row]);
    return {
      positions: rows.map((row) => positions[row] as number),
      predictions: rows.map((row) => predictions[row] as number),
      clean: pixelsOf(clean.images, rows),
      attacked: pixelsOf(attacked, rows),
    };
  });
}

/** The predicted class of each image. */
export function predictClasses(model: Classifier, images: Tensor): Int32Array {
  return scope(() => numbersIn(logitsOf(model, images).argmax({ dim: 1 })));
}

const numbersIn = (values: Tensor) => Int32Array.from(values.data() as BigInt64Array, Number);

/** The values of some images, an array each. */
function pixelsOf(images: Tensor, rows: readonly number[]): Float32Array[] {
  if (rows.length === 0) return [];
  const selected = images.indexSelect(0, tensor(Int32Array.from(rows)).to(images.device));
  const values = selected.detach().to("float32").data() as Float32Array;
  const size = values.length / rows.length;
  return rows.map((_, i) => values.slice(i * size, (i + 1) * size));
}
