// Without an address: the latest run opens by itself.
import { useEffect } from "preact/hooks";
import type { RunList } from "../../api.js";
import { formatAddress, goTo, runAddress } from "../app/address.js";
import { useJson } from "../app/loaded.js";
import { Pending } from "../ui/pending.js";

export function StartView() {
  const runs = useJson<RunList>("/api/runs");
  return (
    <main>
      <Pending of={runs}>{({ runs: [latest] }) => <Open run={latest?.id ?? null} />}</Pending>
    </main>
  );
}

function Open({ run }: { run: string | null }) {
  useEffect(() => {
    const hash = run === null ? formatAddress({ view: "runs", filters: {} }) : runAddress(run, "watch");
    goTo(hash, { replace: true });
  }, [run]);
  return null;
}
