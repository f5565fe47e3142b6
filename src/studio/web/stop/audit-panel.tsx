// The random audit: a number of draws fixed beforehand, and a bound on what is left.
import { useSignal } from "@preact/signals";
import type { ReviewStats, StartAudit } from "../../api.js";
import { type Filters, runAddress } from "../app/address.js";
import { postJson, runPath } from "../app/client.js";
import { reviewer } from "../app/settings.js";
import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";
import { count, share } from "../ui/text.js";

interface Props {
  readonly run: string;
  readonly part: string;
  readonly stats: ReviewStats;
  readonly setStats: (stats: ReviewStats) => void;
  readonly shared: Filters;
}

/** Draws, and the bound at 95% confidence if none of them is wrong: 1 - 0.05^(1/n). */
const DRAWS = [59, 149, 299, 598];

const boundOf = (draws: number) => 1 - 0.05 ** (1 / draws);

export function AuditPanel({ run, part, stats, setStats, shared }: Props) {
  const draws = useSignal(299);
  const state = useSignal<{ busy: boolean; error: string }>({ busy: false, error: "" });
  const start = async () => {
    state.value = { busy: true, error: "" };
    try {
      const body = { part, draws: draws.value, reviewer: reviewer.value } as StartAudit;
      setStats(await postJson<ReviewStats>(runPath(run, "audit"), body));
      state.value = { busy: false, error: "" };
    } catch (error) {
      state.value = { busy: false, error: (error as Error).message };
    }
  };
  return (
    <section class="card pad audit">
      <h2>Random audit</h2>
      {stats.audit ? <Running run={run} audit={stats.audit} shared={shared} /> : null}
      <fieldset>
        <legend>
          {stats.audit ? "Another audit" : "Draw from what is not reviewed, and bound what is wrong in it"}
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
            {count(n)} <span class="soft">none wrong: less than {share(boundOf(n))}</span>
          </label>
        ))}
      </fieldset>
      <p class="soft">The number is fixed before you look; a number chosen later makes the bound wrong.</p>
      <ActionButton tone={stats.audit ? "plain" : "primary"} disabled={state.value.busy} act={start}>
        Draw {count(draws.value)} at random
      </ActionButton>
      {state.value.error ? <Problem text={state.value.error} /> : null}
    </section>
  );
}

function Running({ run, audit, shared }: { run: string; audit: NonNullable<ReviewStats["audit"]>; shared: Filters }) {
  const { drawn, decided, bound, corrected, text } = audit;
  return (
    <div class="audit-now">
      <progress value={decided} max={drawn} aria-label={`${decided} of ${drawn} decided`} />
      <p>{text}</p>
      {bound === null ? (
        <a class="action primary" href={runAddress(run, "review", { ...shared, queue: "audit" })}>
          Review the draw
        </a>
      ) : corrected === null ? null : (
        <p>
          At least <b>{share(corrected)}</b> of all wrong labels have been found.
        </p>
      )}
    </div>
  );
}
