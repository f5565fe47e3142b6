// The parts of the data, to choose from: the same part stays chosen in every view.
import type { Overview } from "../../api.js";
import { count } from "../ui/text.js";
import { setFilters } from "./address.js";

export function PartTabs({ overview, part }: { overview: Overview; part: string }) {
  return (
    <div class="buttons part-tabs">
      {overview.parts.map(({ name, samples }) => (
        <button
          key={name}
          type="button"
          class="action plain"
          aria-pressed={name === part}
          onClick={() => setFilters({ part: name === "train" ? "" : name })}
        >
          {name} <span class="soft">{count(samples)}</span>
        </button>
      ))}
    </div>
  );
}
