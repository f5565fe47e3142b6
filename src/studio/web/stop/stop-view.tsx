// When to stop: what the next verdicts are worth, how good the predictions were, and a random audit of the rest.
import type { Overview, ReviewStats } from "../../api.js";
import { type Filters, runAddress } from "../app/address.js";
import { query, runPath } from "../app/client.js";
import { useJson } from "../app/loaded.js";
import { PartTabs } from "../app/part-tabs.js";
import { reviewer } from "../app/settings.js";
import { Empty, Pending } from "../ui/pending.js";
import { count, share } from "../ui/text.js";
import { Chart } from "../watch/chart.js";
import type { ChartData } from "../watch/figures.js";
import { AuditPanel } from "./audit-panel.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

export function StopView({ run, overview, filters }: Props) {
  const part = filters.part ?? "train";
  const stats = useJson<ReviewStats>(runPath(run, "stats") + query({ part, reviewer: reviewer.value }));
  return (
    <>
      <div class="bar">
        <PartTabs overview={overview} part={part} />
      </div>
      <Pending of={stats}>{(loaded) => <Stop run={run} part={part} stats={loaded} reload={stats.reload} />}</Pending>
    </>
  );
}

interface StopProps {
  readonly run: string;
  readonly part: string;
  readonly stats: ReviewStats;
  /** Reads the figures again. */
  readonly reload: () => void;
}

function Stop({ run, part, stats, reload }: StopProps) {
  const shared: Filters = part === "train" ? {} : { part };
  return (
    <div class="stop">
      <div>
        <section class="card pad next">
          <h2>The next {stats.next.items}</h2>
          <p class="large">{stats.advice}</p>
          <p class="soft">
            {count(stats.decided)} decided, {count(stats.wrongFound)} wrong labels found, about{" "}
            {count(Math.round(stats.expectedLeft))} left.
          </p>
          <a class="action primary" href={runAddress(run, "review", shared)}>
            Continue reviewing
          </a>
        </section>
        {stats.curve.length < 2 ? (
          <section class="card pad">
            <h2>Wrong labels found</h2>
            <Empty>The curve begins with the first verdicts.</Empty>
          </section>
        ) : (
          <Chart chart={foundChart(stats)} name={run} mark={null} />
        )}
      </div>
      <div>
        <AuditPanel run={run} part={part} stats={stats} reload={reload} shared={shared} />
        <Precision bands={stats.precision} />
        <Reliability stats={stats} />
      </div>
    </div>
  );
}

function foundChart({ curve }: ReviewStats): ChartData {
  return {
    ...{ id: "found", title: "Wrong labels found", unit: "number", axis: "verdicts" },
    x: curve.map(({ verdicts }) => verdicts),
    curves: [
      { label: "Found", values: curve.map(({ found }) => found) },
      { label: "Predicted beforehand", values: curve.map(({ predicted }) => predicted) },
    ],
  };
}

function Precision({ bands }: { bands: ReviewStats["precision"] }) {
  return (
    <section class="card pad">
      <h2>Wrong labels by P(wrong)</h2>
      {bands.length === 0 ? (
        <p class="soft">After the first verdicts: how many of the samples at each P(wrong) were wrong.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">P(wrong)</th>
              <th scope="col" class="number">
                Verdicts
              </th>
              <th scope="col" class="number">
                Wrong
              </th>
              <th scope="col" class="number">
                Observed rate
              </th>
            </tr>
          </thead>
          <tbody>
            {bands.map(({ from, to, verdicts, wrong }) => (
              <tr key={from}>
                <th scope="row">
                  {share(from, 0)} to {share(to, 0)}
                </th>
                <td class="number">{count(verdicts)}</td>
                <td class="number">{count(wrong)}</td>
                <td class="number">{share(wrong / verdicts, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Reliability({ stats: { consistency, kappa } }: { stats: ReviewStats }) {
  const { again, agreed } = consistency;
  return (
    <section class="card pad">
      <h2>Your consistency</h2>
      <p>
        {again === 0
          ? "5% of the samples that you decided come up again, without your first verdict. None has so far."
          : `Of ${count(again)} samples shown again, you decided ${count(agreed)} the same way: ${share(agreed / again, 0)}.`}
      </p>
      {kappa === null ? (
        <p class="soft">
          For a second opinion, someone else enters a name at the top and reviews the same queue, blind to your
          verdicts.
        </p>
      ) : (
        <p>
          Agreement with {kappa.other} on {count(kappa.both)} samples: Cohen’s kappa {kappa.kappa.toFixed(2)}.
        </p>
      )}
    </section>
  );
}
