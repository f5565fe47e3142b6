// The ranks that train one run together: the share of each in a step, and what they exchange. A world of one exchanges nothing.
import type { Share } from "../../data/index.js";
import type { Prepared } from "../../runs/prepare.js";
import { distributed, noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import type { RunningEpoch } from "../running-epoch.js";
import { trainedParameters } from "../session/optimizer.js";
import type { Session } from "../session/session.js";
import { averageBuffers, mergeHistory, mergeRows, mergeTotals, rowsOfOthers } from "./merge.js";

/** What a rank brings to a step, or the sum over all ranks. */
export interface StepSums {
  /** Parts of the step's mean loss. */
  readonly loss: number;
  /** The sum of the samples' weights: their number, for most methods. */
  readonly weight: number;
  /** Samples of the step that cannot be decoded. */
  readonly unreadable: number;
  /** Ranks that received a signal to stop. */
  readonly stops: number;
}

export interface Team {
  readonly group: distributed.ProcessGroup;
  /** The rank's share of every batch; undefined for all of it. */
  readonly share: Share | undefined;
  /** The number of the rank's first part of a batch among the parts of all ranks: random draws are keyed by it. */
  readonly firstPart: number;
  /**
   * Adds up gradients and numbers over the ranks. Every part counted by its weight / total; now gradients and loss become means
   * by the sum of weights, from which samples that cannot be decoded are missing.
   */
  reduceStep(own: StepSums, total: number): Promise<StepSums>;
  /** Makes weights' statistics, per-sample state, history and counts those of all ranks, on all of them. */
  mergeEpoch(running: RunningEpoch): Promise<void>;
}

type Parts = Pick<Session, "model" | "average" | "objective">;

/** A process by itself: all of every batch, and nothing to exchange. */
const alone = (parameters: readonly Tensor[]): Team => ({
  group: distributed.soloGroup,
  share: undefined,
  firstPart: 0,
  reduceStep: async (own, total) => meanOf(parameters, own, total),
  mergeEpoch: async () => {},
});

export function formTeam(group: distributed.ProcessGroup, { recipe, train }: Prepared, session: Parts): Team {
  const { rank, world } = group;
  const parameters = trainedParameters(session.model);
  if (world === 1) return alone(parameters);
  const { accumulate } = recipe;
  const reducer = distributed.gradientReducer(group, parameters, 4);
  return {
    group,
    share: { rank, world, parts: accumulate },
    firstPart: rank * accumulate,
    async reduceStep(own, total) {
      const sums = await reducer.reduce([own.loss, own.weight, own.unreadable, own.stops]);
      const [loss = 0, weight = 0, unreadable = 0, stops = 0] = sums;
      return meanOf(parameters, { loss, weight, unreadable, stops }, total);
    },
    mergeEpoch: (running) => merge(group, session, running, train.labels.length),
  };
}

function meanOf(parameters: readonly Tensor[], sums: StepSums, total: number): StepSums {
  if (sums.weight === total) return sums;
  const scale = total / sums.weight;
  scaleGradients(parameters, scale);
  return { ...sums, loss: sums.loss * scale };
}

function scaleGradients(parameters: readonly Tensor[], scale: number): void {
  scope(() =>
    noGrad(() =>
      ops.foreachMul_(
        parameters.flatMap(({ grad }) => grad ?? []),
        scale,
      ),
    ),
  );
}

async function merge(
  group: distributed.ProcessGroup,
  session: Parts,
  running: RunningEpoch,
  samples: number,
): Promise<void> {
  const { model, average, objective } = session;
  const others = await rowsOfOthers(group, running.visits);
  const rows = [...objective.state().values()].filter(({ shape }) => shape[0] === samples);
  await mergeRows(group, rows, others);
  const history = objective.views === undefined ? await mergeHistory(group, running.history, others, samples) : null;
  running.replace(await mergeTotals(group, running.totals), history);
  others.release();
  const networks = [model, ...(average === null ? [] : [average.model])];
  await averageBuffers(
    group,
    networks.flatMap((network) => [...network.namedBuffers()].map(([, buffer]) => buffer)),
  );
}
