// The address after `#` is the state of the page: which run, which view, and its filters.
import { signal } from "@preact/signals";

export const runViews = ["watch", "queues", "review", "grid", "map", "stop", "retrain"] as const;
export type RunView = (typeof runViews)[number];

/** Filters of a view, by name; an absent one has its default. */
export type Filters = Readonly<Record<string, string>>;

export type Address =
  /** Without a hash: the latest run opens. */
  | { readonly view: "start"; readonly filters: Filters }
  | { readonly view: "runs" | "new" | "compare"; readonly filters: Filters }
  | { readonly view: RunView; readonly run: string; readonly filters: Filters };

/** The address in a hash: "#/run/photos%2Fsat-1/review?given=cat". An unknown one is the list of runs. */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const filters = Object.fromEntries(new URLSearchParams(query));
  const [first = "", run = "", view = ""] = path.split("/");
  if (first === "") return { view: "start", filters };
  if (first === "new" || first === "compare") return { view: first, filters };
  if (first !== "run" || run === "") return { view: "runs", filters };
  return { view: runViews.find((name) => name === view) ?? "watch", run: decode(run), filters };
}

/** The hash of an address; empty filters are left out. */
export function formatAddress(address: Address): string {
  const filled = Object.entries(address.filters).filter(([, value]) => value !== "");
  const query = filled.length > 0 ? `?${new URLSearchParams(filled)}` : "";
  if (address.view === "start") return "#/";
  if (!("run" in address)) return `#/${address.view}${query}`;
  return `#/run/${encodeURIComponent(address.run)}/${address.view}${query}`;
}

/** The hash of a run's view, for links. */
export function runAddress(run: string, view: RunView, filters: Filters = {}): string {
  return formatAddress({ view, run, filters });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Runs as a filter of the comparison; their names may have commas. */
export const joinRuns = (runs: readonly string[]): string => runs.map(encodeURIComponent).join(",");

/** The runs that such a filter names. */
export const splitRuns = (joined = ""): readonly string[] => (joined === "" ? [] : joined.split(",").map(decode));

/** The page's present address. */
export const address = signal<Address>({ view: "start", filters: {} });

/** Follows the browser's address from now on; the token, which the cookie has replaced, is dropped from it. */
export function followAddress(): void {
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  const read = () => {
    address.value = parseAddress(location.hash);
  };
  addEventListener("hashchange", read);
  read();
}

/** Goes to an address; `replace` leaves no entry in the history. */
export function goTo(hash: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  address.value = parseAddress(hash);
}

/** Changes filters of the present view; an empty value removes one. */
export function setFilters(changes: Filters, options?: { replace?: boolean }): void {
  const { value } = address;
  goTo(formatAddress({ ...value, filters: { ...value.filters, ...changes } }), options);
}
