// Standard AutoAttack: four attacks without a knob to turn, each on the samples that those before it left standing.
import { InputError } from "../errors.js";
import { scope, type Tensor } from "../torch/index.js";
import { apgd, apgdTargeted } from "./apgd.js";
import { fabT } from "./fab.js";
import { answer } from "./gradient.js";
import { requireSteps } from "./ranges.js";
import { square } from "./square.js";
import type { Attack, AttackBatch, Ball, Classifier } from "./types.js";
import { classWarnings, resultWarnings } from "./warnings.js";

/**
 * The attacks of standard AutoAttack for a network of so many classes, in their order: APGD on cross entropy (100 steps),
 * targeted APGD on the DLR (9 targets), targeted FAB (9 targets), Square (5,000 queries). With fewer than 4 classes, where
 * the targeted DLR does not exist, the second is left out.
 * @see Croce and Hein 2020 (arXiv 2003.01690)
 */
export function autoAttackMembers(ball: Ball, classes: number, seed = 0): Attack[] {
  const targeted = classes < 4 ? [] : [apgdTargeted({ ball, seed })];
  return [apgd({ ball, seed }), ...targeted, fabT({ ball }), square({ ball, seed })];
}

/** How far an evaluation has come: plain numbers, to be saved as JSON and gone on from. */
export interface AutoAttackState {
  /** By sample: 0 where the network is wrong about the image as it is, k where the k-th attack misled it, null where it stands. */
  readonly fellTo: readonly (number | null)[];
  /** 0 while the images are tried as they are, k while the k-th attack is. */
  readonly stage: number;
  /** The position from which the stage goes on. */
  readonly next: number;
  /** By stage. */
  readonly seconds: readonly number[];
}

export interface AutoAttackOptions {
  readonly model: Classifier;
  readonly ball: Ball;
  /** How many samples there are, at positions from 0. */
  readonly samples: number;
  /** The samples at these positions. What it makes is released after use. */
  readonly batch: (index: Int32Array) => AttackBatch;
  readonly batchSize?: number;
  readonly seed?: number;
  /** Other attacks than the standard ones, made for the same ball. */
  readonly attacks?: readonly Attack[];
  /** Where to go on: a state that the same evaluation gave before. */
  readonly state?: AutoAttackState;
  /** Is shown the images that misled the network, (m, ...), and their positions; the images are released afterwards. */
  readonly onMisled?: (images: Tensor, index: Int32Array, attack: Attack) => void;
}

export interface AutoAttackResult {
  readonly naturalAccuracy: number;
  /** The share of samples that the network answers rightly as they are and after every attack. */
  readonly robustAccuracy: number;
  readonly attacks: readonly {
    readonly name: string;
    /** After this attack and all before it. */
    readonly robustAccuracy: number;
    /** The samples that it misled the network about, of those that the attacks before it left standing. */
    readonly misled: number;
    readonly seconds: number;
  }[];
  readonly warnings: readonly string[];
}

/**
 * Evaluates a network by AutoAttack, one batch a step: yields the state after each, and returns the accuracies at the end.
 *
 * robust accuracy = samples answered rightly as they are and after every attack / samples
 *
 * Randomness is keyed by sample, so that going on from a saved state gives what going through would have given.
 * @throws InputError where a number is out of range or the state is another evaluation's.
 */
export function* autoAttack(options: AutoAttackOptions): Generator<AutoAttackState, AutoAttackResult> {
  const { ball, samples, seed } = options;
  requireSteps("samples", samples);
  requireSteps("batchSize", options.batchSize ?? standardBatch);
  const classes = scope(() => answer(options.model, options.batch(Int32Array.of(0)).images).shape[1] as number);
  const attacks = options.attacks ?? autoAttackMembers(ball, classes, seed);
  let state = options.state ?? { fellTo: new Array(samples).fill(null), stage: 0, next: 0, seconds: [] };
  requireState(state, samples, attacks.length);
  while (state.stage <= attacks.length) {
    const index = batchAt(state, options.batchSize ?? standardBatch);
    if (index.length === 0) state = { ...state, stage: state.stage + 1, next: 0 };
    else {
      state = tried(state, index, attacks[state.stage - 1] ?? null, options);
      yield state;
    }
  }
  const result = resultOf(state, attacks);
  return { ...result, warnings: [...classWarnings(classes), ...resultWarnings(result.attacks)] };
}

const standardBatch = 250;

function requireState({ fellTo, stage }: AutoAttackState, samples: number, attacks: number): void {
  if (fellTo.length !== samples) {
    throw new InputError(`the state is of ${fellTo.length} samples; expected one of ${samples}`);
  }
  if (stage > attacks + 1) throw new InputError(`the state is of attack ${stage}; expected one of ${attacks} at most`);
}

/** The next samples that stand, at most `size`. */
function batchAt({ fellTo, next }: AutoAttackState, size: number): Int32Array {
  const index: number[] = [];
  for (let i = next; i < fellTo.length && index.length < size; i++) if (fellTo[i] === null) index.push(i);
  return Int32Array.from(index);
}

/** The state after a batch; without an attack the images are tried as they are. */
function tried(
  { fellTo, stage, seconds }: AutoAttackState,
  index: Int32Array,
  attack: Attack | null,
  { model, batch, onMisled }: AutoAttackOptions,
): AutoAttackState {
  const began = performance.now();
  const after = [...fellTo];
  scope(() => {
    const points = batch(index);
    const images = attack === null ? points.images : attack.perturb(model, points);
    const rows = answer(model, images).argmax({ dim: 1 }).ne(points.labels).nonzero().squeeze(1);
    const misled = Int32Array.from(rows.data() as BigInt64Array, (row) => index[Number(row)]!);
    for (const sample of misled) after[sample] = stage;
    if (attack !== null && misled.length > 0) onMisled?.(images.indexSelect(0, rows), misled, attack);
  });
  const spent = [...seconds];
  spent[stage] = (spent[stage] ?? 0) + (performance.now() - began) / 1000;
  return { fellTo: after, stage, next: index.at(-1)! + 1, seconds: spent };
}

function resultOf(
  { fellTo, seconds }: AutoAttackState,
  attacks: readonly Attack[],
): Omit<AutoAttackResult, "warnings"> {
  const accuracyAfter = (stage: number) =>
    fellTo.filter((fell) => fell === null || fell > stage).length / fellTo.length;
  return {
    naturalAccuracy: accuracyAfter(0),
    robustAccuracy: accuracyAfter(attacks.length),
    attacks: attacks.map(({ name }, i) => ({
      name,
      robustAccuracy: accuracyAfter(i + 1),
      misled: fellTo.filter((fell) => fell === i + 1).length,
      seconds: seconds[i + 1] ?? 0,
    })),
  };
}
