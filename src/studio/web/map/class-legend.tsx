// The classes of the map: a click brings one out, a second button takes its samples.
import type { Signal } from "@preact/signals";
import { count } from "../ui/text.js";
import { classColor } from "./colors.js";
import type { MapPoints } from "./points.js";

interface Props {
  readonly classes: readonly string[];
  readonly points: MapPoints;
  readonly highlighted: Signal<number | null>;
  readonly selected: Signal<readonly number[]>;
}

export function ClassLegend({ classes, points, highlighted, selected }: Props) {
  const sizes = classes.map(() => 0);
  for (const label of points.labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const take = (label: number) => {
    selected.value = Array.from({ length: points.size }, (_, i) => i).filter((i) => points.labels[i] === label);
  };
  return (
    <section class="card pad class-legend" aria-label="Classes">
      <h2>Given classes</h2>
      <ul>
        {classes.map((name, label) => (
          <li key={name}>
            <button
              type="button"
              class="quiet"
              aria-pressed={highlighted.value === label}
              onClick={() => {
                highlighted.value = highlighted.value === label ? null : label;
              }}
            >
              <svg width="10" height="10" aria-hidden="true">
                <circle cx="5" cy="5" r="5" fill={classColor(label, classes.length)} />
              </svg>
              {name} <span class="soft">{count(sizes[label] ?? 0)}</span>
            </button>
            <button type="button" class="quiet" onClick={() => take(label)}>
              Select<span class="unseen"> {name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
