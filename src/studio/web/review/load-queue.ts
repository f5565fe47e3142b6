// A page of a queue from the server.
import type { QueuePage } from "../../api.js";
import { getJson, postJson, runPath } from "../app/client.js";
import { type QueueFilters, queueSearch } from "./filters.js";
import { unpackSamples } from "./sample-list.js";
import type { LoadPage } from "./snapshot.js";

/** Loads the server's queue; the samples of a selection on the map are too many for an address. */
export function queueLoader(run: string, filters: QueueFilters, reviewer: string): LoadPage {
  const path = runPath(run, "queue");
  if (filters.samples === undefined)
    return (offset, limit, at) =>
      getJson<QueuePage>(path + queueSearch(filters, { reviewer, offset, limit, ...(at !== undefined && { at }) }));
  const samples = unpackSamples(filters.samples).join(",");
  return (offset, limit, at) => postJson<QueuePage>(path, { ...filters, samples, reviewer, offset, limit, at });
}
