// Which samples of a queue are shown: by their verdicts, by P(wrong), by the network's disagreement.
import { type Filters, setFilters } from "../app/address.js";
import { share } from "../ui/text.js";
import { Choice, change, Select } from "./choice.js";

const STATES = [
  ["", "undecided"],
  ["decided", "decided"],
  ["any", "all"],
] as const;
const VERDICTS = [
  ["right", "label right"],
  ["relabel", "another class"],
  ["none", "none of these"],
  ["ambiguous", "ambiguous"],
  ["later", "later"],
] as const;

/** Undecided or decided samples, or those of one verdict. */
export function Show({ filters }: { filters: Filters }) {
  const isVerdict = (value: string) => VERDICTS.some(([verdict]) => verdict === value);
  return (
    <Select
      label="Show"
      value={filters.verdict || (filters.state ?? "")}
      options={[...STATES, ...VERDICTS]}
      set={(value) =>
        setFilters({ at: "", ...(isVerdict(value) ? { state: "any", verdict: value } : { state: value, verdict: "" }) })
      }
    />
  );
}

const LEAST_WRONG = ["0.1", "0.5", "0.9", "0.99"].map(
  (least) => [least, `${share(Number(least), 0)} or more`] as const,
);

/** Filters that are seldom needed. */
export function MoreFilters({ filters }: { filters: Filters }) {
  return (
    <details class="more" open={Boolean(filters.minWrong || filters.disagreesBy)}>
      <summary>More filters</summary>
      <Choice name="minWrong" label="P(wrong)" filters={filters} options={[["", "any"], ...LEAST_WRONG]} />
      <label class="choice">
        <span>Network disagrees from epoch</span>
        <input
          type="number"
          min={0}
          size={5}
          placeholder="any"
          value={filters.disagreesBy ?? ""}
          onChange={({ currentTarget }) => change("disagreesBy", currentTarget.value)}
        />
        <span>or earlier</span>
      </label>
    </details>
  );
}
