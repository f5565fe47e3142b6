// The table of all keys.
import { Dialog } from "../ui/dialog.js";

/** By view: the keys, and what they do. */
const KEYS: readonly [view: string, rows: readonly [keys: string, action: string][]][] = [
  [
    "Review",
    [
      ["Q", "the given label is right"],
      ["W", "take the suggested label"],
      ["1\u20139", "another class, in the order of predicted probability"],
      ["/", "type a class"],
      ["E", "none of these classes"],
      ["A", "ambiguous"],
      ["N", "decide later"],
      ["\u2190 \u2192", "previous or next sample, without a verdict"],
      ["U or Ctrl+Z", "undo the last action, on one sample or many"],
      ["Z", "zoom to the real pixels"],
      ["B", "twice, four times, half as bright, and back"],
      ["G", "from one sample to the grid and back"],
    ],
  ],
  [
    "Grid",
    [
      ["\u2190 \u2192 \u2191 \u2193", "move; with Shift, extend the selection"],
      ["Space", "add the sample to the selection, or take it out"],
      ["Ctrl+A", "select all shown"],
      ["Esc", "select none"],
      ["Q W E A N", "one verdict for all selected"],
      ["Enter", "open the sample"],
    ],
  ],
  [
    "Map",
    [
      ["+ -", "zoom in, zoom out"],
      ["0", "show all"],
    ],
  ],
  ["Everywhere", [["?", "this table"]]],
];

export function KeysDialog({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <div class="keys-table">
        {KEYS.map(([view, rows]) => (
          <section key={view}>
            <h3>{view}</h3>
            <dl>
              {rows.map(([keys, action]) => (
                <div key={keys}>
                  <dt>{keys}</dt>
                  <dd>{action}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="soft">Keys do nothing while you type. “Keyboard shortcuts” in the top bar turns them off.</p>
    </Dialog>
  );
}
