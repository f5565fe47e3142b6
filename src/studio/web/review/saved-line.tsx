// How far the review is, and whether everything is on the disk.

import { Problem } from "../ui/pending.js";
import { count } from "../ui/text.js";
import type { ReviewSession } from "./session.js";

export function SavedLine({ session }: { session: ReviewSession }) {
  const stats = session.stats.value;
  const unsaved = session.unsaved.value;
  return (
    <footer class="saved-line">
      {session.error.value ? <Problem text={session.error.value} /> : null}
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
      <p class="soft">{unsaved > 0 ? `Saving ${unsaved}` : "All saved"}</p>
    </footer>
  );
}
