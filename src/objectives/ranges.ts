// What the hyperparameters of the methods may be.

/** @throws RangeError unless 0 <= value <= 1. */
export function requireFraction(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} is from 0 to 1, received ${value}`);
}

/** @throws RangeError unless value >= 0, and finite. */
export function requireWeight(name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) throw new RangeError(`${name} is 0 or more, received ${value}`);
}

/** @throws RangeError unless value > 0, and finite. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} is over 0, received ${value}`);
}
