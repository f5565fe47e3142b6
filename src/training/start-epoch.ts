// `--start-epoch auto`: the network begins to learn wrong labels by heart when it gets worse on samples that it has not seen.
import { randomFrom } from "../data/index.js";
import { evaluateModel } from "./evaluate.js";
import type { Prepared } from "./prepare.js";
import type { Progress } from "./progress.js";
import type { ResolvedRecipe } from "./resolve.js";
import type { Session } from "./session.js";

/** Mean cross entropies with the labels given, after an epoch. */
export interface WatchedEpoch {
  /** Of the samples trained on, as they were trained on. */
  readonly trainLoss: number;
  /** Of samples not trained on. */
  readonly heldOutLoss: number;
}

/** Memorising shows in two epochs running, by so much: worse than the best so far, and than on the samples trained on. */
const epochsRunning = 2;
const worseThanBest = 1.03;
const worseThanTrained = 1.05;

/** The share of the samples that is held out until the targets start to move, and the most of them. */
const watchedShare = 0.1;
const mostWatched = 2000;

/** Objectives whose targets start to move, or that estimate the noise, when memorising begins. */
const starting: readonly string[] = ["sat", "forward"];

/** Whether a run has to find out when to start. */
export function findsStart({ objective, startEpoch }: Pick<ResolvedRecipe, "objective" | "startEpoch">): boolean {
  return startEpoch === "auto" && starting.includes(objective);
}

/** The latest epoch to start in, found or not: targets need time to move. */
export function latestStart(epochs: number): number {
  return Math.floor(epochs / 2);
}

/**
 * Whether a network has begun to memorise: the cross entropy of held-out samples with their (noisy) labels is at least 3%
 * above its lowest so far and 5% above that of the samples trained on, in the last two epochs.
 *
 * Held-out cross entropy is lowest where the network's probabilities are those of the labels given; learning single labels
 * by heart, right or wrong, moves them away from there.
 */
export function memorises(epochs: readonly WatchedEpoch[]): boolean {
  const signs = epochs.map(({ trainLoss, heldOutLoss }, i) => {
    const best = Math.min(...epochs.slice(0, i + 1).map((one) => one.heldOutLoss));
    return heldOutLoss >= worseThanBest * best && heldOutLoss >= worseThanTrained * trainLoss;
  });
  return signs.length > epochsRunning && signs.slice(-epochsRunning).every((sign) => sign);
}

/** Which samples are learnt from, and which are watched, while the start is not found. */
export interface Watch {
  readonly learnt: Int32Array;
  readonly watched: Int32Array;
}

/** The validation part is watched where there is one; else a tenth of the training samples, 2,000 at the most, until the start. */
export function drawWatch({ recipe, trainIndices, validationIndices }: Prepared): Watch {
  if (validationIndices.length > 0) return { learnt: trainIndices, watched: validationIndices };
  const count = Math.max(1, Math.min(mostWatched, Math.floor(watchedShare * trainIndices.length)));
  const chosen = new Set(randomFrom(recipe.seed, "watched").sample(trainIndices.length, count));
  return {
    learnt: trainIndices.filter((_, i) => !chosen.has(i)),
    watched: trainIndices.filter((_, i) => chosen.has(i)),
  };
}

/** How the network stands after an epoch, and whether it is time to start: then from the next one on. */
export async function watchEpoch(
  { recipe, train }: Prepared,
  session: Session,
  { watched }: Watch,
  { epoch, watched: before }: Progress,
  trainLoss: number,
): Promise<Pick<Progress, "watched" | "startEpoch">> {
  const { loss: heldOutLoss } = await evaluateModel({ ...session, indices: watched, labels: train.labels });
  const epochs = [...before, { trainLoss, heldOutLoss }];
  const starts = memorises(epochs) || epoch + 1 >= latestStart(recipe.epochs);
  return { watched: epochs, startEpoch: starts ? epoch + 1 : null };
}
