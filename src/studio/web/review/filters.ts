// The filters of a queue, as the page's address has them and the server takes them.
import type { QueueName, QueueQuery } from "../../api.js";
import type { Filters } from "../app/address.js";
import { query } from "../app/client.js";

const names = [
  "part",
  "queue",
  "given",
  "suggested",
  "state",
  "verdict",
  "minWrong",
  "disagreesBy",
  "search",
  "samples",
] as const;

/** What names a queue: its samples in their order, whoever looks at them in which view. */
export type QueueFilters = Pick<QueueQuery, (typeof names)[number]>;

/** The filters in an address; names that are no filters of a queue are left out. */
export function queueFilters(filters: Filters): QueueFilters {
  return Object.fromEntries(names.flatMap((name) => (filters[name] ? [[name, filters[name]]] : [])));
}

/** The query of a queue, for its address at the server and as its key. */
export function queueSearch(filters: QueueFilters, more: Readonly<Record<string, string | number>> = {}): string {
  const values = Object.fromEntries(names.map((name) => [name, filters[name] as string | number | undefined]));
  return query({ ...values, ...more });
}

/** The part that a queue is of. */
export const partOf = ({ part }: QueueFilters) => part ?? "train";

/** The queue's name. */
export const queueOf = ({ queue }: QueueFilters): QueueName => queue ?? "suspects";

/** Whether decided samples leave the queue on the server. */
export const isOpen = ({ state }: QueueFilters) => (state ?? "open") === "open";
