// Runs side by side: only what differs in their recipes, and where they have arrived.
import type { Comparison, RunEntry, RunList } from "../../api.js";
import { type Filters, formatAddress, runAddress, splitRuns } from "../app/address.js";
import { useJson } from "../app/loaded.js";
import { Empty, Pending } from "../ui/pending.js";
import { Status } from "../ui/status.js";
import { share } from "../ui/text.js";

export function CompareView({ filters }: { filters: Filters }) {
  const named = splitRuns(filters.runs);
  return (
    <main class="narrow">
      <div class="bar">
        <h1>Differences between recipes</h1>
        <span class="space" />
        <a href={formatAddress({ view: "runs", filters: {} })}>All runs</a>
      </div>
      {named.length === 0 ? <Empty>Select two or more in the list of all runs.</Empty> : <Compared named={named} />}
    </main>
  );
}

function Compared({ named }: { named: readonly string[] }) {
  const comparison = useJson<Comparison>(`/api/compare?${new URLSearchParams(named.map((run) => ["runs", run]))}`);
  const runs = useJson<RunList>("/api/runs");
  const entries = new Map(runs.state === "loaded" ? runs.value.runs.map((run) => [run.id, run]) : []);
  return <Pending of={comparison}>{(value) => <Table comparison={value} entries={entries} />}</Pending>;
}

function Table({ comparison, entries }: { comparison: Comparison; entries: ReadonlyMap<string, RunEntry> }) {
  const { runs, differences } = comparison;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reached by keyboard
    <section class="card scroll" tabIndex={0} aria-label="Comparison">
      <table class="compare">
        <thead>
          <tr>
            <td />
            {runs.map((run) => (
              <th key={run} scope="col">
                <a href={runAddress(run, "watch")}>{run}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Status</th>
            {runs.map((run) => {
              const entry = entries.get(run);
              return <td key={run}>{entry ? <Status status={entry.status} /> : null}</td>;
            })}
          </tr>
          <tr>
            <th scope="row">Test accuracy</th>
            {runs.map((run) => (
              <td key={run}>
                <b>{share(entries.get(run)?.testAccuracy)}</b>
              </td>
            ))}
          </tr>
          {differences.map(({ key, values }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              {runs.map((run, i) => (
                <td key={run}>{values[i] || <span class="soft">not set</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {differences.length === 0 ? <Empty>The recipes are the same.</Empty> : null}
    </section>
  );
}
