import { describe, expect, it } from "vitest";
import { openStudio, studioHost } from "../../../test/support/studio.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";

const folder = temporaryFolder();
const page = folder("page", { "index.html": "<title>page</title>", "main-AB12CD34.js": "1" });
const studio = await openStudio(folder("runs"), { page });

describe("access to the studio", () => {
  it("takes the token for a cookie that scripts and other sites do not see", async () => {
    const { opened, ask } = studio;
    expect(opened.statusCode).toBe(200);
    expect(opened.body).toBe("<title>page</title>");
    expect(opened.headers["set-cookie"]).toMatch(
      /^selfadapt-studio-8321=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const script = await ask("/main-AB12CD34.js");
    expect([script.body, script.headers["cache-control"]]).toEqual(["1", "private, max-age=31536000, immutable"]);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ["without a token", "/", {}, 401],
    ["with a wrong token", "/?token=x", {}, 401],
    ["with the token elsewhere", "/api/runs?token=TOKEN", {}, 401],
    ["for the page's script without a cookie", "/main-AB12CD34.js", {}, 401],
    ["with a wrong cookie", "/api/runs", { cookie: "selfadapt-studio-8321=x" }, 401],
    ["for a foreign host", "/api/runs", { cookie: "COOKIE", host: "evil.example:8321" }, 403],
    ["for an address in disguise", "/api/runs", { cookie: "COOKIE", host: "127.0.0.1.evil.example" }, 403],
    ["for another machine", "/api/runs", { cookie: "COOKIE", host: "10.0.0.7:8321" }, 403],
    ["from a foreign origin", "/api/runs", { cookie: "COOKIE", origin: "http://evil.example" }, 403],
    ["from another port", "/api/runs", { cookie: "COOKIE", origin: "http://127.0.0.1:1" }, 403],
    ["from an opaque origin", "/api/runs", { cookie: "COOKIE", origin: "null" }, 403],
    ["from another site without an origin", "/api/runs", { cookie: "COOKIE", "sec-fetch-site": "cross-site" }, 403],
  ])("refuses requests %s", async (_, url, headers, status) => {
    const { app, token, cookie } = studio;
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace("COOKIE", cookie)]);
    const response = await app.inject({
      url: url.replace("TOKEN", token),
      headers: { host: studioHost, ...Object.fromEntries(sent) },
    });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ error: expect.any(String) });
    expect(response.headers["set-cookie"]).toBeUndefined();
  });

  it("takes each token once, and then gives the one for another browser", async () => {
    const next: string[] = [];
    const { app, token, ask } = await openStudio(folder("runs"), { page, renewed: (token) => void next.push(token) });
    const statusFor = async (token: string) =>
      (await app.inject({ url: `/?token=${token}`, headers: { host: studioHost } })).statusCode;
    expect(await statusFor(token)).toBe(401);
    expect((await ask(`/?token=${token}`)).statusCode).toBe(200);
    const second = next[0]!;
    expect(await statusFor(second)).toBe(200);
    expect(await statusFor(second)).toBe(401);
    expect(new Set([token, ...next]).size).toBe(3);
  });

  it("says in plain text why an address does not open", async () => {
    const headers = { host: studioHost, "sec-fetch-mode": "navigate" };
    const { body } = await studio.app.inject({ url: "/", headers });
    expect(body).toBe("open the address that selfadapt studio printed last; each address works in one browser\n");
  });

  it("has a new token and a new cookie after every start", async () => {
    const other = await openStudio(folder("runs"), { page });
    expect(other.token).not.toBe(studio.token);
    expect((await other.ask("/api/runs", { headers: { cookie: studio.cookie } })).statusCode).toBe(401);
  });

  it("serves other names of this machine where it listens on all networks", async () => {
    const open = await openStudio(folder("runs"), { page, host: "0.0.0.0" });
    const statusFor = async (host: string) => (await open.ask("/api/runs", { headers: { host } })).statusCode;
    expect(await statusFor("192.168.1.20:8321")).toBe(200);
    expect(await statusFor("evil.example:8321")).toBe(403);
  });

  it("sends headers that let the page load and send nothing elsewhere", () => {
    const { headers } = studio.opened;
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/);
  });
});
