// Single keys that act: off while typing, and while turned off.
import { useLayoutEffect, useRef } from "preact/hooks";
import { shortcutsOn } from "./settings.js";

interface Shortcut {
  readonly act: () => void;
}

/** Keys that go on acting while they are held down: they move. Of others, one press acts once. */
const heldKeys = new Set(["arrowleft", "arrowright", "+", "-"]);

/** By key name; the latest comer of a key has it. */
const shortcuts = new Map<string, Shortcut[]>();

/** The name of a pressed key: "q", "arrowleft", "ctrl+z"; on a Mac, Command counts as Ctrl. */
export function keyName({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  const prefix = `${ctrlKey || metaKey ? "ctrl+" : ""}${altKey ? "alt+" : ""}`;
  return prefix + key.toLowerCase();
}

/** Listens for the keys of the whole page. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) leaveField(event.target);
    if (event.defaultPrevented || event.isComposing || isTyping(event.target) || !shortcutsOn.value) return;
    const name = keyName(event);
    const shortcut = shortcuts.get(name)?.at(-1);
    if (!shortcut) return;
    event.preventDefault();
    if (!event.repeat || heldKeys.has(name)) shortcut.act();
  });
}

/** Gives keys an action from the moment the component is shown until it is gone; without one, the keys are free. */
export function useKeys(keys: readonly string[], act: (() => void) | null): void {
  const latest = useRef(act);
  latest.current = act;
  const names = act ? keys.join(" ") : "";
  useLayoutEffect(() => {
    const shortcut = { act: () => latest.current?.() };
    const list = names.split(" ").filter(Boolean);
    for (const name of list) shortcuts.set(name, [...(shortcuts.get(name) ?? []), shortcut]);
    return () => {
      for (const name of list)
        shortcuts.set(
          name,
          (shortcuts.get(name) ?? []).filter((other) => other !== shortcut),
        );
    };
  }, [names]);
}

/** Enter sets a filter or the reviewer; the keys then act again. Forms and dialogs have their own Enter. */
function leaveField(target: EventTarget | null): void {
  if (target instanceof HTMLInputElement && target.closest("form, dialog") === null && isTyping(target)) target.blur();
}

/** Whether keys belong to a field that takes text, or to a dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const typed = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, dialog";
  return target.isContentEditable || target.closest(typed) !== null || document.querySelector("dialog[open]") !== null;
}
