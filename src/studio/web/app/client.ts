// Requests to the server: JSON in and out, errors as one line.

/** A request that the server refused, or that did not reach it. */
export class RequestError extends Error {
  /** The HTTP status; 0 where the server was not reached. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** What the server says while it still collects what was requested. */
export interface Progress {
  readonly progress: number;
  readonly doing?: string;
}

/** The path of a run's data: "/api/runs/<run>/<rest>". */
export function runPath(run: string, rest = ""): string {
  return `/api/runs/${encodeURIComponent(run)}${rest && `/${rest}`}`;
}

/** A query string of the filled values: "?part=test". */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const filled = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return filled.length > 0 ? `?${new URLSearchParams(filled)}` : "";
}

interface Waiting {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * The JSON at a path. While the server answers 202 its progress goes to `onProgress` and the request is repeated.
 * @throws {RequestError}
 */
export function getJson<T>(path: string, waiting: Waiting = {}): Promise<T> {
  return answerOf<T>(path, {}, waiting);
}

/** Posts JSON, or nothing, and returns the JSON answered; repeated as `getJson`. @throws {RequestError} */
export function postJson<T>(path: string, body?: unknown): Promise<T> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return answerOf<T>(path, { method: "POST", ...(body === undefined ? {} : json) }, {});
}

async function answerOf<T>(path: string, init: RequestInit, { signal, onProgress }: Waiting): Promise<T> {
  for (;;) {
    const response = await send(path, { ...init, ...(signal && { signal }) });
    if (response.status !== 202) return response.json();
    onProgress?.(await response.json());
    await new Promise((resolve) => setTimeout(resolve, 700));
    signal?.throwIfAborted();
  }
}

/** The bytes at a path. @throws {RequestError} */
export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await send(path, signal ? { signal } : {})).arrayBuffer();
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError("The server is not reachable. Is `selfadapt studio` still running?", 0);
  });
  if (!response.ok) throw new RequestError(await reason(response), response.status);
  return response;
}

async function reason(response: Response): Promise<string> {
  if (response.status === 401)
    return "This address has been used or has expired. Open the one that `selfadapt studio` printed last.";
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    if (typeof error === "string") return error;
  } catch {
    // Not JSON: the text itself is the reason.
  }
  return text || `The server returned HTTP ${response.status}.`;
}
