// A filter of the queue as a list to choose from.
import { type Filters, setFilters } from "../app/address.js";

/** Sets a filter; another queue begins at its first sample, and a selection on the map belongs to its part. */
export function change(name: string, value: string): void {
  setFilters({ [name]: value, at: "", ...((name === "queue" || name === "part") && { samples: "" }) });
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly filters: Filters;
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function Choice({ name, filters, ...shown }: ChoiceProps) {
  return <Select {...shown} value={filters[name] ?? ""} set={(value) => change(name, value)} />;
}

interface SelectProps extends Pick<ChoiceProps, "label" | "options"> {
  readonly value: string;
  readonly set: (value: string) => void;
}

export function Select({ label, options, value: now, set }: SelectProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={now} onChange={({ currentTarget }) => set(currentTarget.value)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
