// Fastify as the studio uses it: its limits, who may ask, and errors of one shape, {"error": "..."}.
import { existsSync } from "node:fs";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { InputError } from "../../errors.js";
import { optionalPackage } from "../../optional-package.js";
import { refuseBytes } from "../../serving/index.js";
import { type Access, guardAccess } from "./access.js";
import { addSecurityHeaders } from "./headers.js";

/** Bytes of a request's body: an action on 100,000 samples, each with its class, fits. */
const bodyLimit = 8_000_000;
/** Milliseconds that a request may take to arrive. */
const arrivalMs = 30_000;

const loadFastify = () =>
  optionalPackage("the studio", ["fastify", "@fastify/cookie", "@fastify/static"], () =>
    Promise.all([import("fastify"), import("@fastify/cookie"), import("@fastify/static")]),
  );

export interface HttpApp extends Access {
  readonly app: FastifyInstance;
}

export interface HttpOptions {
  /** The address to be listened on. */
  readonly host: string;
  /** The folder of the built page. */
  readonly page: string;
  /** Receives errors of the server itself; the response only says that there was one. */
  readonly report: (error: Error) => void;
  /** Receives the token of the next browser when one has been used. */
  readonly renewed: (token: string) => void;
}

export async function createHttpApp({ host, page, report, renewed }: HttpOptions): Promise<HttpApp> {
  const [{ default: fastify }, { default: cookie }, { default: staticFiles }] = await loadFastify();
  const app = fastify({
    bodyLimit,
    requestTimeout: arrivalMs,
    forceCloseConnections: true,
    clientErrorHandler: refuseBytes,
    routerOptions: { maxParamLength: 1000 },
  });
  app.removeContentTypeParser("text/plain");
  await app.register(cookie);
  addSecurityHeaders(app);
  const { token } = guardAccess(app, host, renewed);
  // A route for each file of the page, none for anything else; names with a hash never change their content.
  const setHeaders = (reply: FastifyReply, path: string) => {
    if (/-[A-Z0-9]{6,}\.\w+$/i.test(path)) reply.header("cache-control", "private, max-age=31536000, immutable");
  };
  if (existsSync(page))
    await app.register(staticFiles, { root: page, wildcard: false, cacheControl: false, setHeaders });
  else app.get("/", (_, reply) => reply.type("text/plain").send("The page is not built; run: npm run setup\n"));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `there is no ${request.method} ${request.url}` }),
  );
  app.setErrorHandler((error: FastifyError, { headers }, reply) => {
    const status = error instanceof InputError ? 400 : (error.statusCode ?? 500);
    if (status >= 500) report(error);
    const text = status === 500 ? "the server failed" : firstLine(error.message);
    if (headers["sec-fetch-mode"] === "navigate") return reply.code(status).type("text/plain").send(`${text}\n`);
    return reply.code(status).send({ error: text });
  });
  return { app, token };
}

const firstLine = (text: string) => text.split("\n", 1)[0] as string;
