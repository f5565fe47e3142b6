// Many samples at once: select some, and one key decides them all as one action.
import { useMemo } from "preact/hooks";
import type { Overview, QueueItem } from "../../api.js";
import { address, type Filters, goTo, runAddress } from "../app/address.js";
import { announce } from "../app/announce.js";
import { reviewer } from "../app/settings.js";
import { queueFilters } from "../review/filters.js";
import { QueueBar } from "../review/queue-bar.js";
import { SavedLine } from "../review/saved-line.js";
import { type ReviewSession, sessionOf, type Verdict } from "../review/session.js";
import { Empty, Problem } from "../ui/pending.js";
import { count } from "../ui/text.js";
import { GridActions } from "./grid-actions.js";
import { SampleGrid } from "./sample-grid.js";
import { Selection } from "./selection.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

export function GridView({ run, overview, filters }: Props) {
  const session = sessionOf(run, queueFilters(filters), reviewer.value);
  const selection = useMemo(() => new Selection(), [session]);
  const { queue } = session;
  const total = queue.total.value;
  const open = (place: number) => {
    const item = queue.at(place);
    session.place.value = place;
    goTo(runAddress(run, "review", { ...address.value.filters, at: item ? String(item.sample) : "" }));
  };
  return (
    <div class="review">
      <QueueBar overview={overview} filters={filters}>
        <span class="position soft">
          {total === null ? "" : `${count(total)} samples, ${count(selection.places.value.size)} selected`}
        </span>
      </QueueBar>
      <GridActions
        session={session}
        selection={selection}
        classes={overview.classes}
        decide={(verdict) => decide(session, selection, verdict)}
        undo={() => undo(session, selection)}
        open={() => open(selection.focus.value)}
      />
      {queue.error.value ? <Problem text={queue.error.value.message} /> : null}
      {total === 0 ? (
        <Empty>No sample matches these filters.</Empty>
      ) : (
        <SampleGrid session={session} selection={selection} open={open} />
      )}
      <SavedLine session={session} open={open} />
    </div>
  );
}

/** Decides what is selected now, or without a selection the sample in focus, whatever is selected while the rest of a range loads. */
async function decide(
  session: ReviewSession,
  selection: Selection,
  verdictOf: (items: readonly QueueItem[]) => Verdict | null,
) {
  const { queue } = session;
  const selected = selection.places.value;
  const places = selected.size > 0 ? [...selected].sort((a, b) => a - b) : [selection.focus.value];
  selection.set(new Set());
  const refuse = (why: string) => {
    selection.set(selected);
    session.error.value = `Not decided: ${why}`;
  };
  await queue.ensure(places[0]!, places.at(-1)!);
  if (places.some((place) => queue.at(place) === undefined && !queue.isHole(place)))
    return refuse("not all of the selected samples could be loaded");
  const items = places.map((place) => queue.at(place)).filter((item) => item !== undefined);
  if (items.length === 0) return;
  const verdict = verdictOf(items);
  if (verdict === null) {
    const without = items.filter(({ suggested }) => suggested === null).length;
    return refuse(`${count(without)} of the selected samples have no suggested class`);
  }
  if (await session.decide(items, verdict, session.secondsSince())) announce(`${count(items.length)} samples decided`);
}

async function undo(session: ReviewSession, selection: Selection) {
  const samples = await session.undo();
  const places = samples.map((sample) => session.queue.placeOf(sample)).filter((place) => place !== undefined);
  selection.set(new Set(places));
}
