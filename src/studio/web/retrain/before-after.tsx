// A run and the one that was trained on its verdicts, side by side.
import { useEffect } from "preact/hooks";
import type { BeforeAfter as Comparison, RunList } from "../../api.js";
import { setFilters } from "../app/address.js";
import { query, runPath } from "../app/client.js";
import { useJson } from "../app/loaded.js";
import { Pending } from "../ui/pending.js";
import { figure, share } from "../ui/text.js";

/** Milliseconds between looks at a run that still trains. */
const REFRESH_MS = 5000;

export function BeforeAfter({ run, after }: { run: string; after: string }) {
  const runs = useJson<RunList>("/api/runs");
  const { reload } = runs;
  const others = runs.state === "loaded" ? runs.value.runs.filter(({ id }) => id !== run) : [];
  const compared = others.find(({ id }) => id === after);
  const isOpen = after !== "" && compared?.status !== "finished";
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(reload, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isOpen, reload]);
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
          {[...new Set([...(after === "" ? [] : [after]), ...others.map(({ id }) => id)])].map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      {isOpen && compared ? (
        <p class="soft">
          {after}: {compared.status}, {compared.epoch} of {compared.epochs} epochs. Its figures follow when it is
          finished.
        </p>
      ) : null}
      {after ? <Table key={`${after} ${compared?.status}`} run={run} after={after} /> : null}
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
            {rows.map(({ figure: name, unit, before, after: now }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{(unit === "fraction" ? share : figure)(before)}</td>
                <td class="number">{(unit === "fraction" ? share : figure)(now)}</td>
                <td class="number">{change(before, now, unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Pending>
  );
}

type Unit = Comparison["rows"][number]["unit"];

/** A difference of fractions in percentage points. */
function change(before: number | null, after: number | null, unit: Unit): string {
  if (before === null || after === null) return "\u2013";
  const size = Math.abs(after - before);
  const text = unit === "fraction" ? `${(100 * size).toFixed(1)} points` : figure(size);
  return size === 0 ? "none" : `${after > before ? "+" : "\u2212"}${text}`;
}
