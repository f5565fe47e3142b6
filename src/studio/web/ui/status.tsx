// The status of a run: a shape and a word, so that color is never alone.
import type { RunStatus } from "../../api.js";

const SHAPES: Record<RunStatus, string> = { running: "\u25b6", finished: "\u2713", stopped: "\u25a0", died: "\u2715" };

export function Status({ status }: { status: RunStatus }) {
  return (
    <span class={`status ${status}`}>
      <i aria-hidden="true">{SHAPES[status]}</i>
      {status}
    </span>
  );
}
