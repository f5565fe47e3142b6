// A worker that is asked and answers at once: the caller waits, and a worker that ends does not leave it waiting.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

export interface SyncWorker {
  /** What the worker returns for a message. @throws Error with its message, or for a worker that has ended. */
  ask(message: unknown): unknown;
  readonly ended: boolean;
}

/** Of the shared numbers: whether there is something to read, and whether the worker has ended. */
const [READY, ENDED] = [0, 1];

/** In the worker: `answer` a message, and then the flag is raised. */
const workerCode = (answer: string) => `
const { workerData: { flags, port, data } } = require("node:worker_threads");
const answer = (${answer})(data);
port.on("message", async (message) => {
  const reply = await answer(message).then((value) => ({ value }), (error) => ({ error: String(error.message) }));
  port.postMessage(reply);
  Atomics.store(flags, ${READY}, 1);
  Atomics.notify(flags, ${READY});
});
`;

/** In a second worker, which starts the first: only one with a free event loop learns that it has ended. */
const watcherCode = `
const { Worker, workerData: { code, obituary, flags, port, data } } = require("node:worker_threads");
const worker = new Worker(code, { eval: true, workerData: { flags, port, data }, transferList: [port] });
let reason = null;
worker.on("error", (error) => { reason = error.message; });
worker.on("exit", (status) => {
  obituary.postMessage(reason ?? "exit status " + status);
  Atomics.store(flags, ${ENDED}, 1);
  Atomics.store(flags, ${READY}, 1);
  Atomics.notify(flags, ${READY});
});
`;

/**
 * Starts a worker; it does not keep the process alive.
 * @param answer JavaScript of a function that takes `data` once and returns an async function of a message
 */
export function syncWorker(answer: string, data: object): SyncWorker {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const [{ port1: port, port2 }, { port1: obituary, port2: writer }] = [new MessageChannel(), new MessageChannel()];
  const workerData = { code: workerCode(answer), obituary: writer, flags, port: port2, data };
  const watcher = new Worker(watcherCode, { eval: true, workerData, transferList: [port2, writer] });
  for (const part of [watcher, port, obituary]) part.unref();
  const hasEnded = () => Atomics.load(flags, ENDED) === 1;
  return {
    get ended() {
      return hasEnded();
    },
    ask(message) {
      Atomics.store(flags, READY, 0);
      if (!hasEnded()) {
        port.postMessage(message);
        Atomics.wait(flags, READY, 0);
      }
      const reply = received(port) as { error?: string; value: unknown } | undefined;
      if (reply === undefined) throw new Error(`the worker has ended: ${received(obituary) ?? "before this"}`);
      if (reply.error !== undefined) throw new Error(reply.error);
      return reply.value;
    },
  };
}

const received = (port: MessagePort): unknown => receiveMessageOnPort(port)?.message;
