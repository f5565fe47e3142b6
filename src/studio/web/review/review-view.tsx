// One sample after another: a verdict goes on to the next, arrows only move.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Overview, QueueItem } from "../../api.js";
import { address, type Filters, goTo, runAddress, setFilters } from "../app/address.js";
import { announce } from "../app/announce.js";
import { reviewer } from "../app/settings.js";
import { ActionButton } from "../ui/action-button.js";
import { Empty, Problem } from "../ui/pending.js";
import { count } from "../ui/text.js";
import { prefetch } from "./details.js";
import { partOf, queueFilters } from "./filters.js";
import { FITTED } from "./picture.js";
import { QueueBar } from "./queue-bar.js";
import { SampleView } from "./sample-view.js";
import { SavedLine } from "./saved-line.js";
import { forgetSession, type ReviewSession, sessionOf, type Verdict } from "./session.js";
import { decisionText } from "./verdicts.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

/** Samples fetched ahead. */
const AHEAD = 3;

export function ReviewView({ run, overview, filters }: Props) {
  const session = sessionOf(run, queueFilters(filters), reviewer.value);
  const isOpened = useOpening(session, filters.at);
  const { queue } = session;
  queue.version.value;
  const place = session.place.value;
  const total = queue.total.value;
  const item = isOpened ? queue.at(place) : undefined;
  useUpcoming(session, place, item);
  const isDone = useDone(session);
  const move = (by: number) => {
    let next = place + by;
    while (queue.isHole(next) && next > 0 && next < (total ?? 0)) next += by;
    session.place.value = Math.max(0, Math.min(total ?? 0, next));
  };
  const moves = (
    <>
      <ActionButton
        keys={["arrowleft"]}
        disabled={place === 0}
        act={() => move(-1)}
        title="Previous sample (no verdict)"
      >
        Back
      </ActionButton>
      <ActionButton
        keys={["arrowright"]}
        disabled={total === null || place >= total}
        act={() => move(1)}
        title="Next sample (no verdict)"
      >
        Next
      </ActionButton>
      <ActionButton
        keys={["u", "ctrl+z"]}
        disabled={!(session.stats.value?.undoable || session.unsaved.value > 0)}
        act={() => undo(session)}
      >
        Undo
      </ActionButton>
      <ActionButton keys={["g"]} act={() => goTo(runAddress(run, "grid", address.value.filters))}>
        Grid
      </ActionButton>
    </>
  );
  return (
    <div class="review">
      <QueueBar overview={overview} filters={filters}>
        <Position place={place} total={total} />
      </QueueBar>
      {queue.error.value ? <Problem text={queue.error.value.message} /> : null}
      {item ? (
        <SampleView
          session={session}
          classes={overview.classes}
          item={item}
          moves={moves}
          decide={(verdict, seconds) => decide(session, item, verdict, seconds)}
        />
      ) : (
        <NoSample run={run} isDone={isDone} total={total} />
      )}
      <SavedLine
        session={session}
        open={(at) => {
          session.place.value = at;
        }}
      />
    </div>
  );
}

/** Whether the queue is done: at its end, the page asks the server whether there are more samples. */
function useDone({ queue, place }: ReviewSession): boolean {
  const total = queue.total.value;
  const end = useSignal<number | null>(null);
  const isBehind = total !== null && place.value >= total;
  useEffect(() => {
    if (!isBehind) return;
    queue.extend().then(() => {
      end.value = total;
    });
  }, [queue, isBehind, total]);
  return isBehind && end.value === total;
}

/** Opens the queue at the sample of the address, or at its first. @returns whether it is open */
function useOpening(session: ReviewSession, at: string | undefined): boolean {
  const opened = useSignal<ReviewSession | null>(null);
  useEffect(() => {
    const open = async () => {
      const place = at === undefined ? undefined : await session.queue.find(Number(at));
      if (place !== undefined) session.place.value = place;
      await session.queue.ensure(session.place.value, session.place.value + AHEAD);
      opened.value = session;
    };
    open();
  }, [session]);
  return opened.value === session;
}

/** The address follows the place, and what comes next is fetched. */
function useUpcoming(session: ReviewSession, place: number, item: QueueItem | undefined) {
  useEffect(() => {
    session.queue.ensure(place, place + AHEAD).then(() => {
      const { queue } = session;
      if (queue.isHole(place) && place < (queue.total.value ?? 0) && session.place.value === place)
        session.place.value += 1;
    });
    if (!item) return;
    setFilters({ at: String(item.sample) }, { replace: true });
    const next = Array.from({ length: AHEAD }, (_, i) => session.queue.at(place + 1 + i)?.sample);
    prefetch(
      session.run,
      partOf(session.filters),
      next.filter((sample) => sample !== undefined),
      FITTED,
    );
  }, [session, place, item?.sample]);
}

/** Decides the sample and goes on to the next one; in a queue of undecided samples those decided in the meantime are passed over. */
function decide(session: ReviewSession, item: QueueItem, verdict: Verdict, seconds: number) {
  const { queue, place } = session;
  session.decide([item], verdict, seconds);
  const label = verdict.labels?.[0] ?? null;
  const text = decisionText({ verdict: verdict.verdict, label, reviewer: "", time: "" });
  let next = place.value + 1;
  while (queue.hasLeft(next) || (queue.isHole(next) && next < (queue.total.value ?? 0))) next += 1;
  place.value = Math.min(next, queue.total.value ?? next);
  const following = queue.at(place.value);
  announce(
    `${item.given ?? "Sample"}: ${text}. ${following ? `Next: ${following.given}, suggested ${following.suggested}` : "End of the queue"}`,
  );
}

async function undo(session: ReviewSession) {
  const [sample] = await session.undo();
  const place = sample === undefined ? undefined : session.queue.placeOf(sample);
  if (place !== undefined) session.place.value = place;
}

function Position({ place, total }: { place: number; total: number | null }) {
  if (total === null || total === 0) return null;
  return (
    <span class="position soft">
      {count(Math.min(place + 1, total))} of {count(total)}
    </span>
  );
}

function NoSample({ run, isDone, total }: { run: string; isDone: boolean; total: number | null }) {
  if (!isDone || total === null) return <p class="pending soft">Loading</p>;
  return (
    <Empty>
      <h2>{total === 0 ? "Nothing here" : "End of the queue"}</h2>
      <p class="soft">
        {total === 0
          ? "No sample matches these filters."
          : `All ${count(total)} samples of this queue have been shown.`}
      </p>
      <p>
        <ActionButton
          act={() => {
            forgetSession();
            setFilters({ at: "" });
          }}
        >
          Start over
        </ActionButton>{" "}
        <a class="action plain" href={runAddress(run, "queues")}>
          <span>Other queues</span>
        </a>{" "}
        <a class="action primary" href={runAddress(run, "stop")}>
          <span>When to stop</span>
        </a>
      </p>
    </Empty>
  );
}
