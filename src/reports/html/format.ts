// Number formats of reports.

/** A difference of two fractions in percentage points: 0.09 is "+9.0 points". */
export function points(difference: number): string {
  const value = (difference * 100).toFixed(1);
  return `${difference < 0 ? value.replace("-", "\u2212") : `+${value}`} points`;
}

/** An integer with thousands separators: "50,000". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A loss with three decimals: "1.834". */
export function nats(value: number): string {
  return value.toFixed(3);
}

/** A rate with four significant digits and no trailing zeros: "0.1", "0.0005". */
export function rate(value: number): string {
  return String(Number(value.toPrecision(4)));
}
