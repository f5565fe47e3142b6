// How busy the machine is on which the server runs.
import type { MachineEvent } from "../../api.js";
import { bytes, share } from "../ui/text.js";

export function MachineLoad({ machine }: { machine: MachineEvent | null }) {
  if (!machine) return null;
  const { cpu, cores, memoryUsed, memoryTotal, diskFree } = machine;
  return (
    <section class="card pad machine">
      <h2>Machine</h2>
      <Load name={`CPU, ${cores} cores`} value={cpu} text={share(cpu, 0)} />
      <Load name="Memory" value={memoryUsed / memoryTotal} text={`${bytes(memoryUsed)} of ${bytes(memoryTotal)}`} />
      <p>
        <span>Free on disk</span> <span>{bytes(diskFree)}</span>
      </p>
    </section>
  );
}

function Load({ name, value, text }: { name: string; value: number; text: string }) {
  return (
    <div>
      <p>
        <span>{name}</span> <span>{text}</span>
      </p>
      <progress value={value} max={1} aria-label={`${name}: ${text}`} />
    </div>
  );
}
