// Standard AutoAttack: four attacks without a knob to turn, each on the samples that those before it left standing.
import { InputError } from "../errors.js";
import { scope } from "../torch/index.js";
import { apgd, apgdTargeted } from "./apgd/apgd.js";
import { fabT } from "./fab/fab.js";
import {
  type Asked,
  type Broken,
  beginSearch,
  countSearch,
  type SearchState,
  search,
  type TriedAttack,
} from "./search/search.js";
import { classWarnings, resultWarnings } from "./search/warnings.js";
import { square } from "./square/square.js";
import { answer } from "./steps/gradient.js";
import { requireSteps } from "./steps/ranges.js";
import type { Attack, Ball } from "./types.js";

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

export interface AutoAttackOptions extends Asked {
  readonly ball: Ball;
  /** How many samples there are, at positions from 0. */
  readonly samples: number;
  readonly batchSize?: number;
  readonly seed?: number;
  /** Other attacks than the standard ones, made for the same ball. */
  readonly attacks?: readonly Attack[];
  /** Where to go on: a state that the same evaluation showed before. */
  readonly state?: SearchState;
  /** Is shown the state after every batch, which may be kept as JSON, and the images of the batch that misled the network. */
  readonly onBatch?: (state: SearchState, broken: Broken) => void;
  /** Stops it before the next batch. */
  readonly signal?: AbortSignal;
}

export interface AutoAttackResult {
  readonly naturalAccuracy: number;
  /** The share of samples that the network answers rightly as they are and after every attack. */
  readonly robustAccuracy: number;
  readonly attacks: readonly TriedAttack[];
  readonly warnings: readonly string[];
}

/**
 * Evaluates a network by AutoAttack, batch by batch; null where the signal stopped it.
 *
 * robust accuracy = samples answered rightly as they are and after every attack / samples
 *
 * Randomness is keyed by sample, so that going on from a kept state gives what going through would have given.
 * @throws InputError where a number is out of range or the state is another evaluation's.
 * @throws Error for an attack that leaves its ball or the range of pixels.
 */
export async function autoAttack(options: AutoAttackOptions): Promise<AutoAttackResult | null> {
  const { model, ball, samples, batch, batchSize = 250, seed, onBatch, signal } = options;
  requireSteps("samples", samples);
  requireSteps("batchSize", batchSize);
  const asked = { model, batch };
  const classes = scope(() => answer(model, batch(Int32Array.of(0)).images).shape[1] as number);
  const attacks = options.attacks ?? autoAttackMembers(ball, classes, seed);
  if (options.state) requireState(options.state, samples, attacks.length);
  const all = Int32Array.from({ length: samples }, (_, i) => i);
  const state = options.state ? structuredClone(options.state) : await beginSearch(all, asked);
  const shown = (broken: Broken) => onBatch?.(state, broken);
  if (!(await search(state, { ...asked, attacks, ball, batchSize, signal, onBatch: shown }))) return null;
  const { natural, robust, tried } = countSearch(state, attacks);
  const warnings = [...classWarnings(classes), ...resultWarnings(tried)];
  return { naturalAccuracy: natural / samples, robustAccuracy: robust / samples, attacks: tried, warnings };
}

function requireState({ index, attack }: SearchState, samples: number, attacks: number): void {
  if (index.length !== samples) {
    throw new InputError(`the state is of ${index.length} samples; expected one of ${samples}`);
  }
  if (attack > attacks)
    throw new InputError(`the state is of attack ${attack + 1}; expected one of ${attacks} at most`);
}
