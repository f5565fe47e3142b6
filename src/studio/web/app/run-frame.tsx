// The frame of one run: its name, its status, and the tabs of its views.
import type { RunDetails } from "../../api.js";
import { ReviewFrame } from "../review/review-frame.js";
import { Empty, Pending } from "../ui/pending.js";
import { Status } from "../ui/status.js";
import { WatchView } from "../watch/watch-view.js";
import { type Address, type RunView, runAddress } from "./address.js";
import { runPath } from "./client.js";
import { useJson } from "./loaded.js";

type RunPage = Extract<Address, { run: string }>;

/** The tabs in their order; those after the first need a run that can be reviewed. */
const TABS: readonly [view: RunView, title: string][] = [
  ["watch", "Watch"],
  ["queues", "Queues"],
  ["review", "Review"],
  ["grid", "Grid"],
  ["map", "Map"],
  ["stop", "When to stop"],
  ["retrain", "Train again"],
];

export function RunFrame({ address }: { address: RunPage }) {
  const details = useJson<RunDetails>(runPath(address.run));
  return (
    <main class="run">
      <div class="run-head">
        <h1>{address.run}</h1>
        {details.state === "loaded" ? <Status status={details.value.status} /> : null}
        <nav class="tabs" aria-label="Views of the run">
          {TABS.map(([view, title]) => (
            <a
              key={view}
              href={runAddress(address.run, view, view === "watch" ? {} : sharedFilters(address))}
              aria-current={view === address.view ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </div>
      <Pending of={details}>{(run) => <View address={address} run={run} reload={details.reload} />}</Pending>
    </main>
  );
}

/** The part is the same in every view of the data. */
function sharedFilters({ filters }: RunPage) {
  return filters.part ? { part: filters.part } : {};
}

function View({ address, run, reload }: { address: RunPage; run: RunDetails; reload: () => void }) {
  if (address.view === "watch") return <WatchView run={run} reload={reload} />;
  if (run.whyNot.review !== null) return <NoReview run={run} reason={run.whyNot.review} />;
  return <ReviewFrame view={address.view} run={run} filters={address.filters} />;
}

function NoReview({ run, reason }: { run: RunDetails; reason: string }) {
  return (
    <Empty>
      <h2>Nothing to review here</h2>
      <p>This run cannot be reviewed: {reason}.</p>
      <p class="soft">Labels can be reviewed once a run that has labels has finished its first epoch.</p>
      <a class="action plain" href={runAddress(run.id, "watch")}>
        <span>Watch the run</span>
      </a>
    </Empty>
  );
}
