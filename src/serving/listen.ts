// Starts and stops a server without dropping accepted requests.
import { Server as NetServer } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { Server } from "./server.js";

const pollMs = 20;
/** Turns of the event loop without a new connection after which none is taken to be waiting; and turns at most. */
const quietTurns = 10;
const maxTurns = 5000;

/** Listens, and gives the address. @throws InputError where the port or the host cannot be had. */
export async function listen({ app }: Pick<Server, "app">, host: string, port: number): Promise<string> {
  try {
    // One address: "localhost" would be listened to twice.
    return await app.listen({ host: host === "localhost" ? "127.0.0.1" : host, port });
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ""];
    throw reason === undefined ? error : new InputError(`cannot listen on ${host}:${port}: ${reason}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: `the port is in use; choose another ${option("port")}`,
  EACCES: "there is no permission for that port; choose one from 1024 on",
  EADDRNOTAVAIL: `the host is not an address of this machine; choose another ${option("host")}`,
  ENOTFOUND: `the host is not known; choose another ${option("host")}`,
};

/**
 * Takes no new connection, answers all that was sent over the open ones, and ends. Connections that stay idle for
 * `idleMs` are closed; what is not answered after `mostMs` is given up.
 */
export async function drain(server: Server, { idleMs = 500, mostMs }: { idleMs?: number; mostMs: number }) {
  const http = server.app.server;
  await acceptPending(http);
  // Not http's own `close`, which would cut connections that are idle at this moment: a request may be on its way.
  NetServer.prototype.close.call(http);
  server.startDraining();
  const count = promisify(http.getConnections.bind(http));
  const began = performance.now();
  while ((await count()) > 0 && performance.now() - began < mostMs) {
    if (performance.now() - began > idleMs) http.closeIdleConnections();
    await sleep(pollMs);
  }
  http.closeAllConnections();
  await server.app.close();
}

/** Waits for the connections that the system holds ready, which come one in a turn of the event loop. */
async function acceptPending(http: NetServer): Promise<void> {
  let quiet = 0;
  const heard = () => {
    quiet = 0;
  };
  http.on("connection", heard);
  for (let turn = 0; turn < maxTurns && quiet < quietTurns; turn++, quiet++) await nextTurn();
  http.off("connection", heard);
}
