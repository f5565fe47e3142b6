// Any class by typing a part of its name.
import { useSignal } from "@preact/signals";
import { ActionButton } from "../ui/action-button.js";
import { Dialog } from "../ui/dialog.js";

interface Props {
  readonly classes: readonly string[];
  readonly take: (label: string) => void;
}

const SHOWN = 12;

/** The button that opens the dialog. */
export function TypeClassButton(props: Props) {
  const isOpen = useSignal(false);
  const setOpen = (value: boolean) => () => {
    isOpen.value = value;
  };
  return (
    <>
      <ActionButton keys={["/"]} act={setOpen(true)}>
        Type a class
      </ActionButton>
      {isOpen.value ? <ClassDialog {...props} close={setOpen(false)} /> : null}
    </>
  );
}

function ClassDialog({ classes, take, close }: Props & { readonly close: () => void }) {
  const text = useSignal("");
  const chosen = useSignal(0);
  const matches = matching(classes, text.value).slice(0, SHOWN);
  const pick = (label: string | undefined) => {
    if (label === undefined) return;
    close();
    take(label);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen.value = Math.max(0, Math.min(matches.length - 1, chosen.value + step));
    else if (event.key === "Enter") pick(matches[chosen.value]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Type a class" close={close}>
      <input
        class="wide"
        role="combobox"
        aria-expanded="true"
        aria-controls="class-matches"
        aria-activedescendant={matches.length > 0 ? `class-${chosen.value}` : undefined}
        aria-label="Class"
        autocomplete="off"
        spellcheck={false}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <div id="class-matches" class="class-matches" role="listbox" aria-label="Classes">
        {matches.map((label, i) => (
          <button
            type="button"
            key={label}
            id={`class-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen.value}
            onClick={() => pick(label)}
          >
            {label}
          </button>
        ))}
      </div>
      {matches.length === 0 ? <p class="soft">No matching class.</p> : null}
    </Dialog>
  );
}

/** Classes that begin with the text, then those that contain it. */
export function matching(classes: readonly string[], text: string): string[] {
  const part = text.trim().toLowerCase();
  const has = (f: (name: string) => boolean) => classes.filter((label) => f(label.toLowerCase()));
  const begins = has((name) => name.startsWith(part));
  return [...begins, ...has((name) => name.includes(part) && !name.startsWith(part))];
}
