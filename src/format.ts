// Numbers as text, alike in commands, reports and messages.

/** A fraction as a percentage: 0.4813 is "48.1%"; "unknown" for null. */
export function percent(fraction: number | null | undefined, digits = 1): string {
  return fraction === null || fraction === undefined ? "unknown" : `${(100 * fraction).toFixed(digits)}%`;
}

/** An upper bound as a percentage, rounded up: 0.011801 is "1.19%". */
export const percentAtMost = (bound: number, digits = 2) =>
  percent(Math.ceil(Number((bound * 10 ** (digits + 2)).toPrecision(12))) / 10 ** (digits + 2), digits);

/** Three significant digits, of the distance to 1 for what is near 1, as a probability may be: 0.99985. */
export function confidenceText(confidence: number): string {
  const rest = 1 - confidence;
  const digits = rest > 0 && rest < 0.1 ? 2 - Math.floor(Math.log10(rest)) : 3;
  return String(Number(confidence.toPrecision(Math.min(digits, 15))));
}

/** A percentage with one decimal, or with as many as the value has: "1.0%", "99.99%". */
export function exactPercent(fraction: number): string {
  const exact = Number((100 * fraction).toPrecision(12));
  const short = exact.toFixed(1);
  return `${Number(short) === exact ? short : exact}%`;
}

/** Seconds in the two largest units that matter: "8.2 s", "41 s", "2 min 14 s", "3 h 05 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** An estimate in one unit: "8.2 s", "41 s", "14 min", "3.1 h". */
export function roughDuration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 6000) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** The radius of a ball: "0.031 (7.905/255)", with pixels from 0 to 1; "0.5 in the 2 norm". */
export function radiusText({ norm, epsilon }: { readonly norm: string; readonly epsilon: number }): string {
  const number = String(Number(epsilon.toPrecision(6)));
  return norm === "2" ? `${number} in the 2 norm` : `${number} (${Number((255 * epsilon).toPrecision(4))}/255)`;
}

/** A number of things: "1 run", "2 runs". */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
