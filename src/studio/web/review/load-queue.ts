// A page of a queue from the server.
import type { QueuePage } from "../../api.js";
import { getJson, query, runPath } from "../app/client.js";
import { partOf, type QueueFilters, queueSearch } from "./filters.js";
import { unpackSamples } from "./sample-list.js";
import type { LoadPage } from "./snapshot.js";

/** Loads the server's queue; that of a selection on the map is known here, and only its items are requested. */
export function queueLoader(run: string, filters: QueueFilters, reviewer: string): LoadPage {
  const path = runPath(run, "queue");
  if (filters.queue !== "map")
    return (offset, limit) => getJson<QueuePage>(path + queueSearch(filters, { reviewer, offset, limit }));
  const samples = unpackSamples(filters.samples ?? "");
  const shared = { part: partOf(filters), queue: "map", state: "any", reviewer };
  return async (offset, limit) => {
    const some = samples.slice(offset, offset + limit);
    if (some.length === 0) return { total: samples.length, items: [] };
    const page = await getJson<QueuePage>(path + query({ ...shared, samples: some.join(","), limit: some.length }));
    return { total: samples.length, items: page.items };
  };
}
