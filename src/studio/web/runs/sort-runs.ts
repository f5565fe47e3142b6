// Which runs the list shows, and in which order.
import type { RunEntry } from "../../api.js";

/** The columns that sort, with their first direction. */
export const sortKeys = ["changed", "accuracy", "name"] as const;
export type SortKey = (typeof sortKeys)[number];

/** Runs in which every word of a search occurs: in name, method, model, data or status. */
export function matching(runs: readonly RunEntry[], search: string): readonly RunEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter(({ id, method, model, data, status }) => {
    const text = [id, method, model, data, status].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The latest, the most accurate or the first name on top; runs without an accuracy come last. */
export function sorted(runs: readonly RunEntry[], key: string | undefined): readonly RunEntry[] {
  if (key === "name") return runs.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  if (key === "accuracy") return runs.toSorted((a, b) => (b.testAccuracy ?? -1) - (a.testAccuracy ?? -1));
  return runs.toSorted((a, b) => b.changed - a.changed);
}
