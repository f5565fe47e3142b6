// The frame of one run: its name, its status, and the tabs of its views.
import type { RunDetails } from "../../api.js";
import { Pending } from "../ui/pending.js";
import { Status } from "../ui/status.js";
import { WatchView } from "../watch/watch-view.js";
import { type Address, type RunView, runAddress } from "./address.js";
import { runPath } from "./client.js";
import { useJson } from "./loaded.js";

type RunPage = Extract<Address, { run: string }>;

/** The tabs in their order; those after the first need a run that can be reviewed. */
const TABS: readonly [view: RunView, title: string][] = [["watch", "Watch"]];

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
              href={runAddress(address.run, view)}
              aria-current={view === address.view ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </div>
      <Pending of={details}>{(run) => <WatchView run={run} reload={details.reload} />}</Pending>
    </main>
  );
}
