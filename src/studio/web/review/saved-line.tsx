// How far the review is, and whether everything is on the disk.

import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";
import { count } from "../ui/text.js";
import type { ReviewSession } from "./session.js";

interface Props {
  readonly session: ReviewSession;
  /** Shows the sample of a place. */
  readonly open: (place: number) => void;
}

export function SavedLine({ session, open }: Props) {
  const stats = session.stats.value;
  const unsaved = session.unsaved.value;
  const notSaved = session.notSaved.value;
  const first = notSaved ? session.queue.placeOf([...notSaved.samples][0]!) : undefined;
  return (
    <footer class="saved-line">
      {session.error.value ? <Problem text={session.error.value} /> : null}
      {notSaved ? <Problem text={`Not saved: ${notSaved.reason}`} /> : null}
      {first === undefined ? null : <ActionButton act={() => open(first)}>Go back to it</ActionButton>}
      {stats === null ? null : (
        <p>
          <b>{count(stats.decided)}</b> decided, <b>{count(stats.wrongFound)}</b> wrong labels found.{" "}
          <span class="soft">
            The next {stats.next.items} hold about {count(Math.round(stats.next.errors))} wrong labels
            {stats.next.minutes === null ? "" : `, about ${Math.max(1, Math.round(stats.next.minutes))} min`}.
          </span>
        </p>
      )}
      <span class="space" />
      <p class="soft">{savedText(unsaved, notSaved?.samples.size ?? 0)}</p>
    </footer>
  );
}

function savedText(saving: number, failed: number): string {
  if (saving > 0) return `Saving ${saving}`;
  return failed > 0 ? `${count(failed)} not saved` : "All saved";
}
