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
      <SavedLine session={session} />
    </div>
  );
}

/** The samples of the selection that are loaded; without a selection the one that has the focus. */
export function selectedItems({ queue }: ReviewSession, { places, focus }: Selection): readonly QueueItem[] {
  const list = places.value.size > 0 ? [...places.value].sort((a, b) => a - b) : [focus.value];
  return list.map((place) => queue.at(place)).filter((item) => item !== undefined);
}

/** A range may reach past what has been looked at. */
async function decide(
  session: ReviewSession,
  selection: Selection,
  verdictOf: (items: readonly QueueItem[]) => Verdict | null,
) {
  const { places, focus } = selection;
  const all = places.value.size > 0 ? [...places.value] : [focus.value];
  await session.queue.ensure(Math.min(...all), Math.max(...all));
  const items = selectedItems(session, selection);
  const verdict = verdictOf(items);
  if (items.length === 0) return;
  if (verdict === null) {
    const without = items.filter(({ suggested }) => suggested === null).length;
    session.error.value = `Not decided: ${count(without)} of the selected samples have no suggested class`;
    return;
  }
  const seconds = session.secondsSince();
  selection.set(new Set());
  if (await session.decide(items, verdict, seconds)) announce(`${count(items.length)} samples decided`);
}

async function undo(session: ReviewSession, selection: Selection) {
  const samples = await session.undo();
  const places = samples.map((sample) => session.queue.placeOf(sample)).filter((place) => place !== undefined);
  selection.set(new Set(places));
}
