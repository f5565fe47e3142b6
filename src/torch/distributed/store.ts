// The key-value store that all processes of a training share: torch's TCPStore.
import { native } from "../native.js";

/** Keys and values of text, seen by all ranks. */
export interface SharedStore {
  set(key: string, value: string): void;
  /** Waits for the key. @throws Error after the group's timeout. */
  get(key: string): string;
  has(key: string): boolean;
  /** Adds to a number, at first 0, and returns the sum: each rank gets another one. */
  add(key: string, summand: number): number;
}

/** The prefix of all keys, that of torchrun's own workers: after a restart, keys of the attempt before are not seen. */
export const prefixOf = (attempt: number) => `/worker/attempt_${attempt}`;

/** Whether libtorch was built with Gloo, on which several processes work together. */
export const hasGloo = (): boolean => native.hasGloo();

/**
 * Serves a store for other processes and returns its port, a free one for port 0. It is served until this process ends.
 * @throws Error when the port is taken.
 */
export function serveStore(host: string, port = 0, timeoutMs = 300_000): number {
  requireGloo();
  try {
    return native.serveStore(host, port, prefixOf(0), timeoutMs);
  } catch (error) {
    throw /in use/i.test((error as Error).message) ? new Error(`port ${port} is in use; expected a free one`) : error;
  }
}

/** @throws Error where libtorch has no Gloo. */
export function requireGloo(): void {
  if (!hasGloo()) throw new Error("this libtorch was built without Gloo, so one process is all that can train");
}

/** Whether the store answers within the time; calls of one that cannot be reached any more do not return. */
export async function storeAnswers(timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const answered = native.storeAnswers().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

export const sharedStore: SharedStore = {
  set: (key, value) => native.storeSet(key, value),
  get: (key) => native.storeGet(key),
  has: (key) => native.storeHas(key),
  add: (key, summand) => native.storeAdd(key, summand),
};

/** The store of a process by itself. */
export function soloStore(): SharedStore {
  const values = new Map<string, string>();
  return {
    set: (key, value) => void values.set(key, value),
    get(key) {
      const value = values.get(key);
      if (value === undefined) throw new Error(`nobody else sets "${key}": this process is by itself`);
      return value;
    },
    has: (key) => values.has(key),
    add(key, summand) {
      const sum = Number(values.get(key) ?? 0) + summand;
      values.set(key, String(sum));
      return sum;
    },
  };
}
