// A run as it trains.
import type { RunDetails } from "../../api.js";

export function WatchView({ run }: { run: RunDetails; reload: () => void }) {
  return (
    <p>
      {run.method}, {run.model}, epoch {run.epoch} of {run.epochs}
    </p>
  );
}
