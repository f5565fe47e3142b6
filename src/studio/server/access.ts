// Who may use the server: the holder of its token, from a page of its own.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError } from "../../serving/index.js";

export interface Access {
  /** The secret of the address to print. It opens one browser; the next one needs the token that takes its place. */
  readonly token: string;
}

const loopback = ["127.0.0.1", "localhost", "::1"];

/**
 * Guards every route. `/?token=...` exchanges the token, once, for a cookie (HttpOnly, SameSite=Strict); everything else needs the cookie.
 * Requests for a host that is not this machine are refused (DNS rebinding), and those that a page of another origin makes.
 * @param renewed receives the next token when one has been used
 */
export function guardAccess(app: FastifyInstance, host: string, renewed: (token: string) => void): Access {
  const first = newSecret();
  const session = newSecret();
  let token = first;
  app.addHook("onRequest", async (request, reply) => {
    requireHost(request, host);
    requireOwnOrigin(request);
    const name = cookieName(request);
    if (isSame(request.cookies[name], session)) return;
    if (request.method === "GET" && pathOf(request) === "/" && isSame(tokenOf(request), token)) {
      reply.setCookie(name, session, { httpOnly: true, sameSite: "strict", path: "/" });
      token = newSecret();
      renewed(token);
      return;
    }
    throw new RequestError(
      401,
      "open the address that selfadapt studio printed last; each address works in one browser",
    );
  });
  return { token: first };
}

const newSecret = () => randomBytes(24).toString("base64url");

const pathOf = ({ url }: FastifyRequest) => url.split("?", 1)[0];

function tokenOf({ query }: FastifyRequest): unknown {
  return (query as { readonly token?: unknown }).token;
}

function isSame(received: unknown, secret: string): boolean {
  if (typeof received !== "string") return false;
  const [a, b] = [Buffer.from(received), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Browsers send a cookie to every port of a host, so each server has its own name. */
const cookieName = ({ headers }: FastifyRequest) =>
  `selfadapt-studio-${/:(\d+)$/.exec(headers.host ?? "")?.[1] ?? "80"}`;

/** @throws RequestError for a host name that another site may have made point here. */
function requireHost({ headers }: FastifyRequest, host: string): void {
  const name = hostnameOf(headers.host ?? "");
  const own = loopback.includes(host) ? loopback : [...loopback, host, hostname()].map((one) => one.toLowerCase());
  if (own.includes(name) || (!loopback.includes(host) && isIP(name) !== 0)) return;
  throw new RequestError(403, `the host ${JSON.stringify(name)} is not this server; expected ${own.join(", ")}`);
}

const hostnameOf = (host: string) =>
  host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();

/** @throws RequestError where a page of another origin made the request. */
function requireOwnOrigin({ headers }: FastifyRequest): void {
  const { host, origin, "sec-fetch-site": site } = headers;
  const isForeign = origin !== undefined && origin !== `http://${host}`;
  const isSent = site !== undefined && site !== "same-origin" && site !== "none";
  if (isForeign || (isSent && headers["sec-fetch-mode"] !== "navigate")) {
    throw new RequestError(403, "requests from pages of other origins are refused");
  }
}
