// What stands in the place of data that is not there: still loading, failed, or empty.
import type { ComponentChildren } from "preact";
import { percent } from "../../../format.js";
import type { Loaded } from "../app/loaded.js";

/** The content once loaded; before that its progress, or why there is none. */
export function Pending<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (of.state === "loaded") return <>{children(of.value)}</>;
  if (of.state === "failed") return <Problem text={of.error.message} />;
  const { progress } = of;
  if (!progress) return <p class="pending soft">Loading</p>;
  return (
    <div class="pending">
      <p>{progress.doing ?? "Collecting"}</p>
      <progress value={progress.progress} max={1} aria-label={progress.doing ?? "Collecting"} />
      <p class="soft">{percent(progress.progress, 0)}</p>
    </div>
  );
}

/** A failure, in the server's words. */
export function Problem({ text }: { text: string }) {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}

/** A quiet line where there is nothing to show, and what to do about it. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}
