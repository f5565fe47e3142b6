// The table of runs.
import type { RunEntry } from "../../api.js";
import { runAddress, setFilters } from "../app/address.js";
import { Status } from "../ui/status.js";
import { ago, share } from "../ui/text.js";
import type { SortKey } from "./sort-runs.js";

interface Props {
  readonly runs: readonly RunEntry[];
  readonly sort: string;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
}

export function RunsTable({ runs, sort, selected, select }: Props) {
  const toggle = (id: string) =>
    select(new Set(selected.has(id) ? [...selected].filter((other) => other !== id) : [...selected, id]));
  return (
    <div class="card scroll">
      <table class="runs-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Compare</span>
            </th>
            <SortHead sort="name" title="Run" now={sort} />
            <th scope="col">Status</th>
            <th scope="col">Method</th>
            <th scope="col">Model</th>
            <th scope="col">Data</th>
            <th scope="col">Epochs</th>
            <SortHead sort="accuracy" title="Test accuracy" now={sort} number />
            <SortHead sort="changed" title="Changed" now={sort} number />
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row key={run.id} run={run} selected={selected.has(run.id)} toggle={() => toggle(run.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ run, selected, toggle }: { run: RunEntry; selected: boolean; toggle: () => void }) {
  return (
    <tr class={selected ? "selected" : ""}>
      <td>
        <input type="checkbox" aria-label={`Compare ${run.id}`} checked={selected} onChange={toggle} />
      </td>
      <th scope="row">
        <a href={runAddress(run.id, "watch")}>{run.id}</a>
      </th>
      <td>
        <Status status={run.status} />
      </td>
      <td>{run.method}</td>
      <td>{run.model}</td>
      <td class="data" title={run.data}>
        {run.data}
      </td>
      <td>
        <progress class="thin" value={run.epoch} max={run.epochs} aria-label={`Epochs of ${run.id}`} />
        <span class="soft">
          {run.epoch}/{run.epochs}
        </span>
      </td>
      <td class="number">{share(run.testAccuracy)}</td>
      <td class="number soft">{ago(run.changed)}</td>
    </tr>
  );
}

interface SortHeadProps {
  readonly sort: SortKey;
  readonly title: string;
  readonly now: string;
  readonly number?: boolean;
}

function SortHead({ sort, title, now, number = false }: SortHeadProps) {
  const isNow = sort === now;
  const direction = sort === "name" ? "ascending" : "descending";
  return (
    <th scope="col" class={number ? "number" : ""} aria-sort={isNow ? direction : undefined}>
      <button type="button" class="sort" onClick={() => setFilters({ sort: sort === "changed" ? "" : sort })}>
        {title}
        <i aria-hidden="true">{isNow ? (direction === "ascending" ? " \u25b4" : " \u25be") : ""}</i>
      </button>
    </th>
  );
}
