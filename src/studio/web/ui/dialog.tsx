// A modal dialog: the browser keeps the focus inside, and Escape closes it. A field has the focus at first.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close}>
      <div class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="action plain" onClick={() => dialog.current?.close()}>
          <span>Close</span>
          <kbd>Esc</kbd>
        </button>
      </div>
      {children}
    </dialog>
  );
}
