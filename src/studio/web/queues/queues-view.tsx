// Where to begin: the queues of a part, and the noise matrix whose cells are queues of their own.
import type { Overview } from "../../api.js";
import { type Filters, runAddress } from "../app/address.js";
import { PartTabs } from "../app/part-tabs.js";
import { Empty } from "../ui/pending.js";
import { count, share } from "../ui/text.js";
import { NoiseMatrix } from "./noise-matrix.js";
import { PairList } from "./pair-list.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

/** A larger matrix does not fit on a screen; its pairs are listed alone. */
const LARGEST_MATRIX = 40;

export function QueuesView({ run, overview, filters }: Props) {
  const part = filters.part ?? "train";
  const { classes, pairs, noiseRate, notes } = overview;
  const shared: Filters = part === "train" ? {} : { part };
  return (
    <div class="queues">
      <div class="bar">
        <PartTabs overview={overview} part={part} />
        {noiseRate === null ? null : <NoiseRate {...noiseRate} />}
      </div>
      {notes.length === 0 ? null : (
        <ul class="notes card pad" aria-label="Notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div class="queues-columns">
        <section class="card" aria-label="Queues">
          <QueueList run={run} overview={overview} shared={shared} />
        </section>
        <section class="card pad" aria-label="Given and suggested classes">
          <h2>Given and suggested classes</h2>
          <p class="soft">
            How many suspects of each given class (row) look like another (column). A cell opens their queue.
          </p>
          {pairs.every((row) => row.every((n) => n === 0)) ? (
            <Empty>No suspects.</Empty>
          ) : classes.length <= LARGEST_MATRIX ? (
            <NoiseMatrix run={run} classes={classes} pairs={pairs} shared={shared} />
          ) : (
            <PairList run={run} classes={classes} pairs={pairs} shared={shared} />
          )}
        </section>
      </div>
    </div>
  );
}

function NoiseRate({ estimate, low, high, unknown }: NonNullable<Overview["noiseRate"]>) {
  if (unknown !== null) {
    return (
      <p>
        An <b>unknown</b> fraction of the labels is wrong <span class="soft">({unknown})</span>
      </p>
    );
  }
  return (
    <p>
      About <b>{share(estimate)}</b> of the labels are wrong{" "}
      <span class="soft">
        (between {share(low)} and {share(high)})
      </span>
    </p>
  );
}

function QueueList({ run, overview, shared }: { run: string; overview: Overview; shared: Filters }) {
  return (
    <ul class="queue-list">
      {overview.queues.map(({ name, title, count: samples, advice }) => {
        const filters = name === "suspects" ? shared : { ...shared, queue: name };
        return (
          <li key={name}>
            <div>
              <h2>{title}</h2>
              <p class="soft">{advice}</p>
            </div>
            <b class="number">{count(samples)}</b>
            <a class={`action ${name === "suspects" ? "primary" : "plain"}`} href={runAddress(run, "review", filters)}>
              Review<span class="unseen"> {title}</span>
            </a>
            <a class="action plain" href={runAddress(run, "grid", filters)}>
              Grid<span class="unseen"> of {title}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
