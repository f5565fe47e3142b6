// Numbers and dates as the page writes them.

/** Thousands separated: "50,000". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A figure of unknown kind in at most four significant digits. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "\u2013";
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4)));
}

/** A fraction as a percentage, or a dash: "93.4%". */
export function share(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? "\u2013" : `${(100 * value).toFixed(digits)}%`;
}

/** A probability as a percentage, never rounded to certainty: "97%", ">99%". */
export function probability(value: number): string {
  if (value > 0.995) return ">99%";
  return value < 0.005 ? "<1%" : share(value, 0);
}

/** How long ago, in one unit: "now", "4 min ago", "3 h ago", "5 days ago". */
export function ago(time: number, now = Date.now()): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}

/** Bytes in the largest unit: "1.4 GB". */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}
