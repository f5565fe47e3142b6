// A run as it trains: figures, curves, notes, the machine, and what can be done.
import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RunDetails } from "../../api.js";
import { announce } from "../app/announce.js";
import { Empty } from "../ui/pending.js";
import { Chart } from "./chart.js";
import { chartsOf } from "./figures.js";
import { type LiveRun, useLiveRun } from "./live-run.js";
import { MachineLoad } from "./machine-load.js";
import { Notes } from "./notes.js";
import { RecipeTable } from "./recipe-table.js";
import { RunActions } from "./run-actions.js";
import { Tiles } from "./tiles.js";

interface Props {
  readonly run: RunDetails;
  /** Reads the details again. */
  readonly reload: () => void;
}

export function WatchView({ run, reload }: Props) {
  const live = useLiveRun(run.id);
  const status = live.status.value?.status ?? run.status;
  useEffect(() => {
    if (status === run.status) return;
    announce(`${run.id}: ${status}`);
    reload();
  }, [status, run.status, run.id, reload]);
  return (
    <div class="watch">
      <div class="watch-main">
        <Tiles run={run} live={live} />
        <Charts run={run} live={live} />
      </div>
      <aside>
        <RunActions run={run} reload={reload} />
        {live.connected.value ? null : <p class="problem">The server is not reachable; trying again.</p>}
        <Notes run={run} notes={live.notes.value} />
        <MachineLoad machine={live.machine.value} />
        <RecipeTable recipe={run.recipe} />
      </aside>
    </div>
  );
}

function Charts({ run, live }: { run: RunDetails; live: LiveRun }) {
  const charts = useComputed(() => chartsOf(live.epochs.value, live.steps.value, live.noise.value));
  const start = live.status.value?.startEpoch ?? null;
  if (charts.value.length === 0) return <Empty>The curves begin with the first steps of the run.</Empty>;
  return (
    <div class="charts">
      {charts.value.map((chart) => (
        <Chart
          key={chart.id}
          chart={chart}
          name={run.id}
          mark={start === null ? null : { x: start, label: "targets start" }}
        />
      ))}
    </div>
  );
}
