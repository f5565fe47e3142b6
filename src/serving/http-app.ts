// Fastify as we use it: which bodies it reads, its limits, and errors of one shape, {"error": "..."}.
import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import { optionalPackage } from "../optional-package.js";
import { allowOrigins } from "./cors.js";
import { refuseBytes } from "./refuse-bytes.js";
import { RequestError } from "./request-error.js";

export interface HttpOptions {
  /** Bytes of a request's body at most. */
  readonly bodyLimit: number;
  /** Milliseconds that a request may take to arrive. */
  readonly timeoutMs: number;
  /** Origins whose pages may call the server from a browser, such as https://example.org; * for all (default: none). */
  readonly origins?: readonly string[] | undefined;
}

/** Images come as what they are, as bytes, or as curl sends any body of which it is told no type. */
const bytesTypes = /^(image\/|application\/octet-stream|application\/x-www-form-urlencoded)/;

const loadFastify = () =>
  optionalPackage("a prediction server", ["fastify", "@fastify/multipart"], () =>
    Promise.all([import("fastify"), import("@fastify/multipart")]),
  );

/** `report` is told of errors that are the server's own; whoever asked is told only that there was one. */
export async function createHttpApp(
  { bodyLimit, timeoutMs, origins = [] }: HttpOptions,
  report: (error: Error) => void,
): Promise<FastifyInstance> {
  const [{ default: fastify }, { default: multipart }] = await loadFastify();
  const app = fastify({
    bodyLimit,
    requestTimeout: timeoutMs,
    // Requests on open connections are still answered while the server stops.
    return503OnClosing: false,
    clientErrorHandler: refuseBytes,
    http: { connectionsCheckingInterval: Math.min(1000, timeoutMs), headersTimeout: timeoutMs },
  });
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(bytesTypes, { parseAs: "buffer" }, (_, body, done) => done(null, body));
  await app.register(multipart);
  allowOrigins(app, origins);
  app.addHook("onRequest", async (request) => requireNoQuery(request));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `there is no ${request.method} ${request.url}; GET / lists the routes` }),
  );
  app.setErrorHandler((error: FastifyError, _, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode === 503) reply.header("retry-after", "1");
    if (statusCode >= 500 && statusCode !== 503) report(error);
    const told = statusCode === 500 ? "the server failed" : (message.split("\n")[0] as string);
    return reply.code(statusCode).send({ error: told });
  });
  return app;
}

/** @throws RequestError for a query: no route takes one. */
function requireNoQuery({ method, url, query }: FastifyRequest): void {
  const [key] = Object.keys(query as object);
  if (key === undefined) return;
  throw new RequestError(400, `unknown query key ${JSON.stringify(key)}; ${method} ${url.split("?", 1)[0]} takes none`);
}
