// Stop, resume, and start another like it.
import { useSignal } from "@preact/signals";
import type { Done, RunDetails } from "../../api.js";
import { formatAddress } from "../app/address.js";
import { announce } from "../app/announce.js";
import { postJson, runPath } from "../app/client.js";
import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";

export function RunActions({ run, reload }: { run: RunDetails; reload: () => void }) {
  const state = useSignal<{ busy: boolean; message: string; error: string }>({ busy: false, message: "", error: "" });
  const request = async (what: "stop" | "resume") => {
    state.value = { busy: true, message: "", error: "" };
    try {
      const { message } = await postJson<Done>(runPath(run.id, what));
      state.value = { busy: false, message, error: "" };
      announce(message);
      reload();
    } catch (error) {
      state.value = { busy: false, message: "", error: (error as Error).message };
    }
  };
  const { busy, message, error } = state.value;
  return (
    <section class="run-actions" aria-label="Actions">
      {run.canStop ? (
        <ActionButton
          tone="danger"
          disabled={busy}
          act={() => request("stop")}
          title="Saves the run after its present step"
        >
          Stop and save
        </ActionButton>
      ) : null}
      {run.canResume ? (
        <ActionButton
          tone="primary"
          disabled={busy}
          act={() => request("resume")}
          title="Goes on exactly where it stopped"
        >
          Resume
        </ActionButton>
      ) : null}
      <a class="action plain" href={formatAddress({ view: "new", filters: { from: run.id } })}>
        <span>New run like this</span>
      </a>
      {message ? <p class="soft">{message}</p> : null}
      {error ? <Problem text={error} /> : null}
    </section>
  );
}
