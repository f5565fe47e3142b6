// The bar on top of every view: the way to the runs, who reviews, and whether keys act.
import { useSignal } from "@preact/signals";
import { ActionButton } from "../ui/action-button.js";
import { address, formatAddress } from "./address.js";
import { KeysDialog } from "./keys-dialog.js";
import { reviewer, shortcutsOn } from "./settings.js";

export function TopBar() {
  const helpOpen = useSignal(false);
  const { value } = address;
  const runs = formatAddress({ view: "runs", filters: {} });
  return (
    <header class="top">
      <a class="wordmark" href={runs}>
        selfadapt <b>studio</b>
      </a>
      <nav aria-label="Studio">
        <a href={runs} aria-current={value.view === "runs" ? "page" : undefined}>
          Runs
        </a>
        <a href={formatAddress({ view: "new", filters: {} })} aria-current={value.view === "new" ? "page" : undefined}>
          New run
        </a>
      </nav>
      <span class="space" />
      <label class="reviewer">
        <span>Reviewer</span>
        <input
          value={reviewer.value}
          maxLength={40}
          size={8}
          spellcheck={false}
          onChange={({ currentTarget }) => {
            reviewer.value = currentTarget.value.trim() || "me";
          }}
        />
      </label>
      <label class="switch">
        <input
          type="checkbox"
          checked={shortcutsOn.value}
          onChange={({ currentTarget }) => {
            shortcutsOn.value = currentTarget.checked;
          }}
        />
        <span>Keyboard shortcuts</span>
      </label>
      <ActionButton
        keys={["?", "shift+?"]}
        act={() => {
          helpOpen.value = true;
        }}
      >
        Keys
      </ActionButton>
      {helpOpen.value ? (
        <KeysDialog
          close={() => {
            helpOpen.value = false;
          }}
        />
      ) : null}
    </header>
  );
}
