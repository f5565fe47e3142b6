// Stop, resume, and start another like it.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Done, RunDetails } from "../../api.js";
import { formatAddress } from "../app/address.js";
import { announce } from "../app/announce.js";
import { postJson, runPath } from "../app/client.js";
import { useRequest } from "../app/request.js";
import { ActionButton } from "../ui/action-button.js";
import { Problem } from "../ui/pending.js";

export function RunActions({ run, reload }: { run: RunDetails; reload: () => void }) {
  const message = useSignal("");
  const { busy, error, run: send } = useRequest();
  // It was about the change that has come.
  useEffect(() => {
    message.value = "";
  }, [run.status, message]);
  const request = (what: "stop" | "resume") =>
    send(async () => {
      message.value = "";
      message.value = (await postJson<Done>(runPath(run.id, what))).message;
      announce(message.value);
      reload();
    });
  return (
    <section class="run-actions" aria-label="Actions">
      {run.whyNot.stop === null ? (
        <ActionButton
          tone="danger"
          disabled={busy}
          act={() => request("stop")}
          title="Saves the run after its current step"
        >
          Stop and save
        </ActionButton>
      ) : null}
      {run.whyNot.resume === null ? (
        <ActionButton
          tone="primary"
          disabled={busy}
          act={() => request("resume")}
          title="Continues exactly where it stopped"
        >
          Resume
        </ActionButton>
      ) : null}
      <a class="action plain" href={formatAddress({ view: "new", filters: { from: run.id } })}>
        <span>New run like this</span>
      </a>
      {run.status === "running" && run.whyNot.stop ? (
        <p class="soft">It cannot be stopped from here: {run.whyNot.stop}.</p>
      ) : null}
      {(run.status === "stopped" || run.status === "died") && run.whyNot.resume ? (
        <p class="soft">It cannot be resumed: {run.whyNot.resume}.</p>
      ) : null}
      {message.value ? <p class="soft">{message}</p> : null}
      {error ? <Problem text={error} /> : null}
    </section>
  );
}
