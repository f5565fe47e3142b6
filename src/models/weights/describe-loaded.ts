// One line on what was loaded from a weights file.
import type { LoadedWeights } from "./fit-weights.js";

const SHOWN = 2;

/** Such as `w.pth: 120 tensors loaded from encoder_q.* of state_dict; not used: queue and 3 more tensors`. */
export function describeLoaded(path: string, { loaded, replaced, entry, prefix, ignored }: LoadedWeights): string {
  const source = [...(prefix === "" ? [] : [`${prefix}*`]), ...(entry === "" ? [] : [entry])].join(" of ");
  const parts = [`${loaded} tensors loaded${source === "" ? "" : ` from ${source}`}`];
  if (ignored.length > 0) parts.push(`not used: ${listed(ignored)}`);
  if (replaced.length > 0) {
    parts.push(`it has no classifier for these classes, so ${replaced.join(" and ")} are initialized again`);
  }
  return `${path}: ${parts.join("; ")}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more tensors` : ""}`;
}
