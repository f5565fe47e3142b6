// The search for images that a network answers wrongly: attack after attack, batch after batch, on the samples still standing.
import { setImmediate } from "node:timers/promises";
import type { Attack, Ball, Classifier } from "../../attacks/types.js";
import { batchBounds } from "../../data/index.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import { answersTo } from "./classifier.js";
import type { Pixels } from "./pixels.js";
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

export interface SearchOptions {
  readonly attacks: readonly Attack[];
  readonly classifier: Classifier;
  readonly pixels: Pixels;
  /** Of all samples of the data. */
  readonly labels: Int32Array;
  readonly ball: Ball;
  readonly batchSize: number;
  readonly device: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch, when the state says that it is done. */
  readonly onBatch: (broken: Broken) => void;
}

type Asked = Pick<SearchOptions, "classifier" | "pixels" | "labels">;

/** The beginning of a search: what the network answers to the samples as they are. */
export async function beginSearch(index: Int32Array, { classifier, pixels, labels }: Asked): Promise<SearchState> {
  const answers: number[] = [];
  for (const [start, end] of batchBounds(index.length, 256)) {
    answers.push(...scope(() => answersTo(classifier, pixels.batch(index.subarray(start, end)))));
    await setImmediate();
  }
  const brokenBy = answers.map((answer, i) => (answer === labels[index[i] as number] ? STANDING : WRONG));
  const attacked = answers.map(() => -1);
  return { index: [...index], answers, brokenBy, attacked, attack: 0, batch: 0, seconds: [] };
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
      const broken = tryBatch(state, places.slice(start, end), options);
      state.batch++;
      onBatch(broken);
    }
  }
  return true;
}

function tryBatch(state: SearchState, places: readonly number[], options: SearchOptions): Broken {
  const { attacks, classifier, pixels, labels, ball, device } = options;
  const attack = attacks[state.attack] as Attack;
  const index = Int32Array.from(places, (i) => state.index[i] as number);
  const own = index.map((sample) => labels[sample] as number);
  return scope(() => {
    const images = pixels.batch(index);
    const began = performance.now();
    const attacked = attack.perturb(classifier, { images, labels: tensor(own).to("int64").to(device), index });
    state.seconds[state.attack] = (state.seconds[state.attack] ?? 0) + (performance.now() - began) / 1000;
    requireInside(attack, attacked, images, ball);
    const answers = answersTo(classifier, attacked);
    const rows = [...places.keys()].filter((row) => answers[row] !== own[row]);
    for (const row of rows) {
      state.brokenBy[places[row] as number] = state.attack;
      state.attacked[places[row] as number] = answers[row] as number;
    }
    const broken = rows.map((row) => places[row] as number);
    return { places: broken, clean: pixelsOf(images, rows), attacked: pixelsOf(attacked, rows) };
  });
}

/** The values of some images, an array each. */
function pixelsOf(images: Tensor, rows: readonly number[]): Float32Array[] {
  if (rows.length === 0) return [];
  const chosen = images.indexSelect(0, tensor(Int32Array.from(rows)).to(images.device));
  const values = chosen.detach().to("float32").data() as Float32Array;
  const size = values.length / rows.length;
  return rows.map((_, i) => values.slice(i * size, (i + 1) * size));
}
