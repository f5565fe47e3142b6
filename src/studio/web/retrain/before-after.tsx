// A run and the one that was trained on its verdicts, side by side.
import type { BeforeAfter as Comparison, RunList } from "../../api.js";
import { setFilters } from "../app/address.js";
import { query, runPath } from "../app/client.js";
import { useJson } from "../app/loaded.js";
import { Pending } from "../ui/pending.js";
import { figure, share } from "../ui/text.js";

export function BeforeAfter({ run, after }: { run: string; after: string }) {
  const runs = useJson<RunList>("/api/runs");
  return (
    <section class="card pad">
      <h2>Before and after</h2>
      <label class="option">
        <span>Compare with</span>
        <select
          value={after}
          onChange={({ currentTarget }) => setFilters({ with: currentTarget.value }, { replace: true })}
        >
          <option value="">choose a run</option>
          {runs.state === "loaded"
            ? runs.value.runs
                .filter(({ id }) => id !== run)
                .map(({ id }) => (
                  <option key={id} value={id}>
                    {id}
                  </option>
                ))
            : null}
        </select>
      </label>
      {after ? <Table run={run} after={after} /> : null}
    </section>
  );
}

function Table({ run, after }: { run: string; after: string }) {
  const comparison = useJson<Comparison>(runPath(run, "before-after") + query({ with: after }));
  return (
    <Pending of={comparison}>
      {({ rows }) => (
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number">
                Before
              </th>
              <th scope="col" class="number">
                After
              </th>
              <th scope="col" class="number">
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ figure: name, before, after: now }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{shown(before)}</td>
                <td class="number">{shown(now)}</td>
                <td class="number">{change(before, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Pending>
  );
}

const isFraction = (value: number) => value >= 0 && value <= 1;

function shown(value: number | null): string {
  return value !== null && isFraction(value) ? share(value) : figure(value);
}

/** A difference of fractions in percentage points. */
function change(before: number | null, after: number | null): string {
  if (before === null || after === null) return "\u2013";
  const difference = isFraction(before) && isFraction(after) ? 100 * (after - before) : after - before;
  const text =
    isFraction(before) && isFraction(after)
      ? `${Math.abs(difference).toFixed(1)} points`
      : figure(Math.abs(difference));
  return difference === 0 ? "none" : `${difference > 0 ? "+" : "\u2212"}${text}`;
}
