// The frame of the page: top bar, the view of the present address, and the live region.
import { useEffect } from "preact/hooks";
import { address, followAddress } from "./app/address.js";
import { announcement } from "./app/announce.js";
import { RunFrame } from "./app/run-frame.js";
import { TopBar } from "./app/top-bar.js";
import { CompareView } from "./runs/compare-view.js";
import { RunsView } from "./runs/runs-view.js";
import { StartView } from "./runs/start-view.js";
import { NewRunView } from "./start/new-run-view.js";

export function App() {
  useEffect(followAddress, []);
  return (
    <>
      <TopBar />
      <View />
      <p class="unseen" aria-live="polite">
        {announcement.value}
      </p>
    </>
  );
}

function View() {
  const { value } = address;
  if (value.view === "start") return <StartView />;
  if (value.view === "runs") return <RunsView filters={value.filters} />;
  if ("run" in value) return <RunFrame key={value.run} address={value} />;
  if (value.view === "new") return <NewRunView filters={value.filters} />;
  return <CompareView filters={value.filters} />;
}
