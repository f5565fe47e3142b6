// The list of runs: the latest first, filtered by a search, sorted by a column, selected for a comparison.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RunEntry, RunList } from "../../api.js";
import { type Filters, formatAddress, joinRuns, setFilters } from "../app/address.js";
import { useJson } from "../app/loaded.js";
import { Empty, Pending } from "../ui/pending.js";
import { count } from "../ui/text.js";
import { RunsTable } from "./runs-table.js";
import { matching, sorted } from "./sort-runs.js";

const REFRESH_MS = 10_000;

export function RunsView({ filters }: { filters: Filters }) {
  const runs = useJson<RunList>("/api/runs");
  const { reload } = runs;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <main class="runs">
      <Pending of={runs}>{(list) => <Runs all={list.runs} filters={filters} />}</Pending>
    </main>
  );
}

function Runs({ all, filters }: { all: readonly RunEntry[]; filters: Filters }) {
  const selected = useSignal<ReadonlySet<string>>(new Set());
  if (all.length === 0) return <NoRuns />;
  const shown = sorted(matching(all, filters.search ?? ""), filters.sort);
  return (
    <>
      <div class="bar">
        <h1>
          {shown.length === all.length ? count(all.length) : `${count(shown.length)} of ${count(all.length)}`}{" "}
          {all.length === 1 ? "run" : "runs"}
        </h1>
        <input
          type="search"
          placeholder="Search name, data, method, model"
          aria-label="Search runs"
          value={filters.search ?? ""}
          onInput={({ currentTarget }) => setFilters({ search: currentTarget.value }, { replace: true })}
        />
        <span class="space" />
        <CompareLink selected={[...selected.value]} />
      </div>
      <RunsTable
        runs={shown}
        sort={filters.sort ?? "changed"}
        selected={selected.value}
        select={(ids) => {
          selected.value = ids;
        }}
      />
    </>
  );
}

function CompareLink({ selected }: { selected: readonly string[] }) {
  if (selected.length < 2) return <span class="soft">Select two or more runs to compare their recipes</span>;
  return (
    <a class="action primary" href={formatAddress({ view: "compare", filters: { runs: joinRuns(selected) } })}>
      <span>Compare {selected.length} runs</span>
    </a>
  );
}

function NoRuns() {
  return (
    <Empty>
      <h1>No runs yet</h1>
      <p>
        A run appears here as soon as it starts, whoever starts it. To train two on built-in data in about a minute:
      </p>
      <pre>npx selfadapt demo</pre>
      <p>
        Or <a href={formatAddress({ view: "new", filters: {} })}>start one from here</a>.
      </p>
    </Empty>
  );
}
