// Standard AutoAttack: four attacks without parameters to tune, each on the samples still classified correctly after the others.
import { z } from "zod";
import { InputError } from "../errors.js";
import { count, parseOptions } from "../options/index.js";
import { scope } from "../torch/index.js";
import { apgd, apgdTargeted } from "./apgd/apgd.js";
import type { AttackDefinition } from "./define-attack.js";
import { fabT } from "./fab/fab.js";
import { parseBall } from "./options.js";
import type { AdversarialExamples } from "./search/adversarial-examples.js";
import {
  type SearchState,
  type SearchTarget,
  search,
  startSearch,
  summarizeSearch,
  type TriedAttack,
} from "./search/search.js";
import { classWarnings, resultWarnings } from "./search/warnings.js";
import { square } from "./square/square.js";
import { logitsOf } from "./steps/gradient.js";
import type { Attack, Ball } from "./types.js";

/**
 * The attacks of standard AutoAttack for a network of so many classes, in their order: APGD on cross entropy (100 steps),
 * targeted APGD on the DLR (9 targets), targeted FAB (9 targets), Square (5,000 queries). With fewer than 4 classes, where
 * the targeted DLR does not exist, the second is left out.
 * @see Croce and Hein 2020 (arXiv 2003.01690)
 */
export function autoAttackEnsemble(ball: Ball, classes: number, seed = 0): Attack[] {
  const targeted = classes < 4 ? [] : [apgdTargeted({ ball, seed })];
  return [apgd({ ball, seed }), ...targeted, fabT({ ball }), square({ ball, seed })];
}

export const autoAttackDefinition: AttackDefinition = {
  name: "autoattack",
  title: "AutoAttack",
  description: "the standard ensemble: apgd-ce, apgd-t, fab-t, square",
  access: "gradients",
  options: () => ({}),
  attacks: ({ ball, seed }, classes) => autoAttackEnsemble(ball, classes, seed),
};

export interface AutoAttackOptions extends SearchTarget {
  readonly ball: Ball;
  /** How many samples there are, at positions from 0. */
  readonly samples: number;
  readonly batchSize?: number;
  readonly seed?: number;
  /** Other attacks than the standard ones, made for the same ball. */
  readonly attacks?: readonly Attack[];
  /** A state to resume from, which an earlier call passed to `onBatch`. */
  readonly state?: SearchState;
  /** Called after every batch with the state, which may be kept as JSON, and the adversarial examples of the batch. */
  readonly onBatch?: (state: SearchState, examples: AdversarialExamples) => void;
  /** Stops it before the next batch. */
  readonly signal?: AbortSignal;
}

export interface AutoAttackResult {
  readonly naturalAccuracy: number;
  /** The fraction of samples classified correctly without attacks and after every one. */
  readonly robustAccuracy: number;
  readonly attacks: readonly TriedAttack[];
  readonly warnings: readonly string[];
}

const counts = z.object({ samples: count(), batchSize: count().default(250) });

/**
 * Evaluates a network by AutoAttack, batch by batch; null where the signal stopped it.
 *
 * robust accuracy = samples classified correctly without attacks and after every attack / samples
 *
 * Randomness is keyed by sample, so that a resumed evaluation gives what an uninterrupted one would have given.
 * @throws InputError where a number is out of range or the state is another evaluation's.
 * @throws Error for an attack that leaves its ball or the range of pixels.
 */
export async function autoAttack(options: AutoAttackOptions): Promise<AutoAttackResult | null> {
  const { model, batch, seed, onBatch, signal } = options;
  const { samples, batchSize } = parseOptions(counts, options);
  const ball = parseBall(options.ball);
  const target = { model, batch };
  const classes = scope(() => logitsOf(model, batch(Int32Array.of(0)).images).shape[1] as number);
  const attacks = options.attacks ?? autoAttackEnsemble(ball, classes, seed);
  if (options.state) requireState(options.state, samples, attacks.length);
  const all = Int32Array.from({ length: samples }, (_, i) => i);
  const state = options.state ? structuredClone(options.state) : await startSearch(all, target);
  const onExamples = (examples: AdversarialExamples) => onBatch?.(state, examples);
  if (!(await search(state, { ...target, attacks, ball, batchSize, signal, onBatch: onExamples }))) return null;
  const { natural, robust, tried } = summarizeSearch(state, attacks);
  const warnings = [...classWarnings(classes), ...resultWarnings(tried, attacks)];
  return { naturalAccuracy: natural / samples, robustAccuracy: robust / samples, attacks: tried, warnings };
}

function requireState({ index, attack }: SearchState, samples: number, attacks: number): void {
  if (index.length !== samples) {
    throw new InputError(`the state is of ${index.length} samples; expected one of ${samples}`);
  }
  if (attack > attacks)
    throw new InputError(`the state is of attack ${attack + 1}; expected one of ${attacks} at most`);
}
