// Starts a run on the corrected labels.
import { useSignal } from "@preact/signals";
import type { Retrain, StartedRun } from "../../api.js";
import { runAddress, setFilters } from "../app/address.js";
import { announce } from "../app/announce.js";
import { postJson, runPath } from "../app/client.js";
import { useRequest } from "../app/request.js";
import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";

export function RetrainForm({ run }: { run: string }) {
  const pinned = useSignal(true);
  const epochs = useSignal("");
  const started = useSignal("");
  const request = useRequest();
  const start = () =>
    request.run(async () => {
      started.value = "";
      const body: Retrain = { pinned: pinned.value, ...(epochs.value ? { epochs: Number(epochs.value) } : {}) };
      const { id } = await postJson<StartedRun>(runPath(run, "retrain"), body);
      started.value = id;
      setFilters({ with: id }, { replace: true });
      announce(`${id} started`);
    });
  return (
    <section class="card pad">
      <h2>Train on the verdicts</h2>
      <p>
        The same recipe with your labels: relabeled samples get their new class, those that are none of the classes are
        left out. Test samples are corrected only in data that is in files. Its review begins with your verdicts. The
        run continues when you close this page.
      </p>
      <label class="option">
        <input
          type="checkbox"
          checked={pinned.value}
          onChange={({ currentTarget }) => {
            pinned.value = currentTarget.checked;
          }}
        />
        <span>
          Pin confirmed labels <span class="soft">training never moves their targets</span>
        </span>
      </label>
      <label class="option">
        <span>Epochs</span>
        <input
          type="number"
          min={1}
          placeholder="as before"
          value={epochs.value}
          onInput={({ currentTarget }) => {
            epochs.value = currentTarget.value;
          }}
        />
      </label>
      <ActionButton tone="primary" disabled={request.busy} act={start}>
        Train again
      </ActionButton>
      {started.value ? (
        <p>
          <a href={runAddress(started.value, "watch")}>{started}</a> has started.
        </p>
      ) : null}
      {request.error ? <Problem text={request.error} /> : null}
    </section>
  );
}
