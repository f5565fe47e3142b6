// Answers bytes that are not HTTP.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

const reasons: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request took too long to arrive"],
  HPE_HEADER_OVERFLOW: [431, "the request's headers are too large"],
};

/** Responds to bytes that are not HTTP, and ends the connection. */
export function refuseBytes(error: Error & { code?: string }, socket: Socket): void {
  const [status, reason] = reasons[error.code ?? ""] ?? [400, "the request is not valid HTTP"];
  const body = JSON.stringify({ error: reason });
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8`;
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else socket.end(`${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}
