// The refusals of options: which one, what is expected, what was received.

function refuse(name: string, expected: string, received: unknown): never {
  throw new RangeError(`${name} must be ${expected}, received ${String(received)}`);
}

export function requireNonNegative(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) refuse(name, "a number of at least 0", value);
}

export function requirePositive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) refuse(name, "a number over 0", value);
}

/** For averaging factors, which at 1 would never take in anything new. */
export function requireDecay(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0 && value < 1)) refuse(name, "a number from 0 to below 1", value);
}
