// The ranks that train one run together: the share of each in a step, and what they exchange. A world of one exchanges nothing.
import { type Share, shareOf } from "../../data/index.js";
import type { Prepared } from "../../runs/prepare.js";
import { distributed } from "../../torch/index.js";
import type { RunningEpoch } from "../running-epoch.js";
import { trainedParameters } from "../session/optimizer.js";
import type { Session } from "../session/session.js";
import { averageBuffers, mergeHistory, mergeRows, mergeTotals, rowsOfOthers } from "./merge.js";
import type { StepSums } from "./step-sums.js";

/** What a rank counts in a step, or the sum over all ranks. */
export interface StepCounts {
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
  /** Gives the rows of the step back to their owners; makes gradients, loss and counts those of all ranks. */
  reduceStep(sums: StepSums, own: StepCounts): Promise<StepCounts & { readonly loss: number }>;
  /** Brings this rank the rows of its samples for a step, from their owners. @param batch the samples of all ranks */
  fetchRows(batch: Int32Array): Promise<void>;
  /** Makes weights' statistics, per-sample state, history and counts those of all ranks, on all of them. */
  mergeEpoch(running: RunningEpoch): Promise<void>;
}

type Parts = Pick<Session, "model" | "average" | "objective" | "ownedState">;

/** A process by itself: all of every batch, and nothing to exchange. */
const alone: Team = {
  group: distributed.soloGroup,
  share: undefined,
  firstPart: 0,
  reduceStep: async (sums, own) => ({ ...own, loss: await sums.mean(async (term) => term) }),
  fetchRows: async () => {},
  mergeEpoch: async () => {},
};

export function formTeam(group: distributed.ProcessGroup, { recipe, train }: Prepared, session: Parts): Team {
  const { rank, world } = group;
  if (world === 1) return alone;
  const { accumulate } = recipe;
  const { ownedState } = session;
  const ranks = Array.from({ length: world }, (_, other) => other);
  const reducer = distributed.gradientReducer(group, trainedParameters(session.model), 4);
  return {
    group,
    share: { rank, world, parts: accumulate },
    firstPart: rank * accumulate,
    async reduceStep(sums, own) {
      await ownedState?.giveBack();
      let counts = own;
      const loss = await sums.mean(async (term) => {
        const reduced = await reducer.reduce([term.loss, term.weight, own.unreadable, own.stops]);
        const [loss = 0, weight = 0, unreadable = 0, stops = 0] = reduced;
        counts = { unreadable, stops };
        return { loss, weight };
      });
      return { ...counts, loss };
    },
    fetchRows: async (batch) =>
      ownedState?.fetch(ranks.map((other) => shareOf(batch, { rank: other, world, parts: accumulate }))),
    mergeEpoch: (running) => merge(group, session, running, train.labels.length),
  };
}

async function merge(
  group: distributed.ProcessGroup,
  session: Parts,
  running: RunningEpoch,
  samples: number,
): Promise<void> {
  const { model, average, objective, ownedState } = session;
  const others = await rowsOfOthers(group, running.visits);
  const rows = [...objective.state().values()].filter((kept) => kept.shape[0] === samples && !ownedState?.owns(kept));
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
