// One field of the form: its name, its input, what it means and what holds without it.
import type { Field } from "./fields.js";

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly set: (value: string) => void;
}

export function FieldRow({ field, value, set }: Props) {
  const id = `field-${field.key}`;
  return (
    <div class="field">
      <label for={id}>{field.key}</label>
      <Input id={id} field={field} value={value} set={set} />
      <p class="soft" id={`${id}-help`}>
        {field.description}
      </p>
    </div>
  );
}

function Input({ id, field, value, set }: Props & { id: string }) {
  const { kind, options } = field;
  const none = field.default === "" ? "optional" : `default: ${field.default}`;
  if (kind === "choice" || kind === "boolean")
    return (
      <select
        id={id}
        aria-describedby={`${id}-help`}
        value={value}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      >
        <option value="">{none}</option>
        {(kind === "boolean" ? ["true", "false"] : options).map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  return (
    <>
      <input
        id={id}
        aria-describedby={`${id}-help`}
        value={value}
        placeholder={field.isRequired ? "required" : none}
        required={field.isRequired}
        inputMode={kind === "number" ? "decimal" : "text"}
        list={options.length > 0 ? `${id}-options` : undefined}
        spellcheck={false}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
      {options.length > 0 ? (
        <datalist id={`${id}-options`}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}
