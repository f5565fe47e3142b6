// A button that shows the key that does the same.
import type { ComponentChildren } from "preact";
import { useKeys } from "../app/keys.js";

const SYMBOLS: Readonly<Record<string, string>> = {
  arrowleft: "\u2190",
  arrowright: "\u2192",
  arrowup: "\u2191",
  arrowdown: "\u2193",
  escape: "Esc",
  enter: "Enter",
  " ": "Space",
};

/** How a key is shown: "Q", "\u2190", "Ctrl+Z". */
export function keyLabel(key: string): string {
  return key
    .split("+")
    .map((part) => SYMBOLS[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join("+");
}

interface Props {
  /** Key names as in `useKeys`; the first is shown. */
  readonly keys?: readonly string[];
  readonly act: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly tone?: "primary" | "plain" | "danger";
  /** A longer explanation, shown on hover. */
  readonly title?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** The button; it and its keys do nothing while disabled. */
export function ActionButton({
  keys = [],
  act,
  disabled = false,
  pressed,
  tone = "plain",
  title,
  children,
  ...rest
}: Props) {
  useKeys(keys, disabled ? null : act);
  const [shown] = keys;
  return (
    <button
      type="button"
      class={`action ${tone} ${rest.class ?? ""}`}
      onClick={act}
      disabled={disabled}
      title={title}
      aria-pressed={pressed}
      aria-keyshortcuts={keys.map(keyLabel).join(" ") || undefined}
    >
      <span>{children}</span>
      {shown === undefined ? null : <kbd>{keyLabel(shown)}</kbd>}
    </button>
  );
}
