// Figures as people read them.

/** A fraction of 1 as per cent with one decimal: 0.4813 is "48.1%". */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** A difference of two fractions in points, signed: 0.09 is "+9.0 points". */
export function points(difference: number): string {
  const value = (difference * 100).toFixed(1);
  return `${difference < 0 ? value.replace("-", "\u2212") : `+${value}`} points`;
}

/** A whole number with its thousands apart: "50,000". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Seconds in the two largest units that matter: "8.2 s", "2 min 14 s", "3 h 05 min". */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A loss with three decimals: "1.834". */
export function nats(value: number): string {
  return value.toFixed(3);
}

/** A rate with four significant digits and no trailing zeros: "0.1", "0.0005". */
export function rate(value: number): string {
  return String(Number(value.toPrecision(4)));
}
