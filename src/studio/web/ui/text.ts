// Numbers and dates as the page writes them.

/** Thousands separated: "50,000". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A fraction as a percentage, or a dash: "93.4%". */
export function share(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? "\u2013" : `${(100 * value).toFixed(digits)}%`;
}

/** How long ago, in one unit: "now", "4 min ago", "3 h ago", "5 days ago". */
export function ago(time: number, now = Date.now()): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}
