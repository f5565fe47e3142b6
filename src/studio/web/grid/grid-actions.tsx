// The verdicts on a selection.
import type { QueueItem } from "../../api.js";
import { TypeClassButton } from "../review/class-dialog.js";
import type { ReviewSession, Verdict } from "../review/session.js";
import { relabel, suggestion } from "../review/verdicts.js";
import { ActionButton } from "../ui/action-button.js";
import type { Selection } from "./selection.js";

interface Props {
  readonly session: ReviewSession;
  readonly selection: Selection;
  readonly classes: readonly string[];
  /** Decides the selected samples; no verdict decides nothing. */
  readonly decide: (verdict: (items: readonly QueueItem[]) => Verdict | null) => void;
  readonly undo: () => void;
  readonly open: () => void;
}

export function GridActions({ session, selection, classes, decide, undo, open }: Props) {
  const { queue, stats, unsaved } = session;
  const all = () => selection.set(new Set(Array.from({ length: queue.total.value ?? 0 }, (_, i) => i)));
  const take = (label: string) =>
    decide((items) =>
      relabel(
        items,
        items.map(() => label),
      ),
    );
  const isSelected = selection.places.value.size > 0;
  return (
    <div class="buttons grid-actions">
      <ActionButton keys={["q"]} act={() => decide(() => ({ verdict: "right" }))}>
        Labels right
      </ActionButton>
      <ActionButton
        keys={["w"]}
        tone="primary"
        act={() => decide(suggestion)}
        title="Each sample gets its own suggested class"
      >
        Take suggestions
      </ActionButton>
      <TypeClassButton classes={classes} take={take} />
      <ActionButton keys={["e"]} act={() => decide(() => ({ verdict: "none" }))}>
        None of these
      </ActionButton>
      <ActionButton keys={["a"]} act={() => decide(() => ({ verdict: "ambiguous" }))}>
        Ambiguous
      </ActionButton>
      <ActionButton keys={["n"]} act={() => decide(() => ({ verdict: "later" }))}>
        Later
      </ActionButton>
      <span class="space" />
      <ActionButton keys={["ctrl+a"]} act={all}>
        All
      </ActionButton>
      <ActionButton keys={["escape"]} disabled={!isSelected} act={() => selection.set(new Set())}>
        None
      </ActionButton>
      <ActionButton keys={["u", "ctrl+z"]} disabled={!(stats.value?.undoable || unsaved.value > 0)} act={undo}>
        Undo
      </ActionButton>
      <ActionButton keys={["g"]} act={open}>
        One by one
      </ActionButton>
    </div>
  );
}
