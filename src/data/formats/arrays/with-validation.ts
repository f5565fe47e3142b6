// Arrays for validation, joined to the training arrays, of which they are the last samples.
import { InputError } from "../../../errors.js";
import type { HeldSamples, Samples } from "../../types.js";

/**
 * The training samples followed by those for validation, whose positions are given.
 *
 * Throws `InputError` where both have not the same shape and type.
 */
export function withValidation(
  train: Samples,
  validation: Samples | null,
): { readonly train: Samples; readonly validation?: Int32Array } {
  if (validation === null || validation.kind === "streamed" || train.kind === "streamed") return { train };
  const ofBytes = ({ values }: HeldSamples) => values instanceof Uint8Array;
  const formOf = (samples: HeldSamples) => `(${samples.shape.join(", ")}) ${ofBytes(samples) ? "bytes" : "floats"}`;
  if (formOf(train) !== formOf(validation)) {
    throw new InputError(`validation samples are ${formOf(validation)}; expected ${formOf(train)}, as in training`);
  }
  const { length } = train.labels;
  return {
    train: {
      ...train,
      values: joinedValues(train.values, validation.values),
      labels: Int32Array.from([...train.labels, ...validation.labels]),
    },
    validation: Int32Array.from(validation.labels, (_, i) => length + i),
  };
}

function joinedValues(first: HeldSamples["values"], second: HeldSamples["values"]): HeldSamples["values"] {
  const joined = new (first.constructor as Uint8ArrayConstructor | Float32ArrayConstructor)(
    first.length + second.length,
  );
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
