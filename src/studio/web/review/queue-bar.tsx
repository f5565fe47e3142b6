// Which queue, and which of its samples: filters that stand in the address.
import type { ComponentChildren } from "preact";
import type { Overview } from "../../api.js";
import type { Filters } from "../app/address.js";
import { Choice, change } from "./choice.js";
import { MoreFilters, Show } from "./show-filters.js";

interface Props {
  readonly overview: Overview;
  readonly filters: Filters;
  readonly children?: ComponentChildren;
}

export function QueueBar({ overview, filters, children }: Props) {
  const { parts, classes, queues } = overview;
  const classOptions = classes.map((label) => [label, label] as const);
  return (
    <div class="bar queue-bar">
      {parts.length > 1 ? (
        <Choice
          name="part"
          label="Part"
          filters={filters}
          options={parts.map(({ name }) => [name === "train" ? "" : name, name])}
        />
      ) : null}
      <Choice name="queue" label="Queue" filters={filters} options={queueOptions(queues, filters.queue)} />
      <Choice name="given" label="Given" filters={filters} options={[["", "any class"], ...classOptions]} />
      <Choice name="suggested" label="Suggested" filters={filters} options={[["", "any class"], ...classOptions]} />
      <Show filters={filters} />
      <input
        type="search"
        aria-label="Search by file name or sample number"
        placeholder="File or number"
        size={12}
        value={filters.search ?? ""}
        onChange={({ currentTarget }) => change("search", currentTarget.value)}
      />
      <MoreFilters filters={filters} />
      <span class="space" />
      {children}
    </div>
  );
}

function queueOptions(queues: Overview["queues"], now = ""): (readonly [string, string])[] {
  const listed = queues.map(({ name, title }) => [name === "suspects" ? "" : name, title] as const);
  const others = [
    ["map", "Selected on the map"],
    ["audit", "Random audit"],
    ["all", "All samples"],
  ] as const;
  const extra = others.filter(
    ([name]) => (name === "all" || name === now) && !listed.some(([other]) => other === name),
  );
  return [...listed, ...extra];
}
