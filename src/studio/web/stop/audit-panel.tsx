// The random audit: a number of draws fixed beforehand, and a bound on what is left.
import { useSignal } from "@preact/signals";
import type { ReviewStats, StartAudit } from "../../api.js";
import { type Filters, runAddress } from "../app/address.js";
import { postJson, runPath } from "../app/client.js";
import { useRequest } from "../app/request.js";
import { reviewer } from "../app/settings.js";
import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";
import { count, share } from "../ui/text.js";

interface Props {
  readonly run: string;
  readonly part: string;
  readonly stats: ReviewStats;
  /** Reads the figures again. */
  readonly reload: () => void;
  readonly shared: Filters;
}

/** Draws, and the bound at 95% confidence if none of them is wrong: 1 - 0.05^(1/n). */
const DRAWS = [59, 149, 299, 598];

const boundOf = (draws: number) => 1 - 0.05 ** (1 / draws);

export function AuditPanel({ run, part, stats, reload, shared }: Props) {
  const draws = useSignal(299);
  const request = useRequest();
  const start = () =>
    request.run(async () => {
      const body = { part, draws: draws.value, reviewer: reviewer.value } as StartAudit;
      await postJson(runPath(run, "audit"), body);
      reload();
    });
  return (
    <section class="card pad audit">
      <h2>Random audit</h2>
      {stats.audit ? <Running run={run} audit={stats.audit} shared={shared} /> : null}
      <fieldset>
        <legend>
          {stats.audit
            ? "Another audit"
            : "Draw samples that nobody has reviewed, to bound how many of the rest are wrong"}
        </legend>
        {DRAWS.map((n) => (
          <label key={n}>
            <input
              type="radio"
              name="draws"
              checked={draws.value === n}
              onChange={() => {
                draws.value = n;
              }}
            />
            {count(n)} <span class="soft">if none is wrong: less than {share(boundOf(n))} of the rest</span>
          </label>
        ))}
      </fieldset>
      <p class="soft">The number of draws is fixed before you look: choosing it later would make the bound invalid.</p>
      <ActionButton tone={stats.audit ? "plain" : "primary"} disabled={request.busy} act={start}>
        Draw {count(draws.value)} at random
      </ActionButton>
      {request.error ? <Problem text={request.error} /> : null}
    </section>
  );
}

function Running({ run, audit, shared }: { run: string; audit: NonNullable<ReviewStats["audit"]>; shared: Filters }) {
  const { drawn, decided, bound, text } = audit;
  return (
    <div class="audit-now">
      <progress value={decided} max={drawn} aria-label={`${decided} of ${drawn} decided`} />
      <p>{text}</p>
      {bound === null ? (
        <a class="action primary" href={runAddress(run, "review", { ...shared, queue: "audit" })}>
          Review the draw
        </a>
      ) : null}
    </div>
  );
}
