// Cross-origin requests: which web pages may call the server from a browser.
import type { FastifyInstance } from "fastify";

/**
 * Lets pages of these origins call every route; `*` stands for all of them. Preflight requests get status 204.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const every = origins.includes("*");
  app.addHook("onRequest", async (request, reply) => {
    const { origin, "access-control-request-method": preflight } = request.headers;
    if (!every) reply.header("vary", "Origin");
    if (origin === undefined || !(every || origins.includes(origin))) return;
    reply.header("access-control-allow-origin", every ? "*" : origin);
    if (request.method !== "OPTIONS" || preflight === undefined) return;
    reply.header("access-control-allow-methods", "GET, POST").header("access-control-allow-headers", "Content-Type");
    return reply.header("access-control-max-age", "86400").code(204).send();
  });
}
