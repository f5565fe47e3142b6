import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InjectOptions } from "light-my-request";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { runList } from "../api.js";
import { createStudio } from "./studio.js";

const folder = temporaryFolder();
const page = folder("page", { "index.html": "<title>page</title>", "app.js": "1" });

async function studioOf(root: string) {
  const reported: string[] = [];
  const report = ({ message }: Error) => void reported.push(message);
  const { app, token } = await createStudio({ root, opens: null, host: "127.0.0.1", page, report });
  const opened = await app.inject({ url: `/?token=${token}`, headers: { host: "127.0.0.1:8321" } });
  const cookie = String(opened.headers["set-cookie"]).split(";", 1)[0] as string;
  const ask = (url: string, options: InjectOptions = {}) =>
    app.inject({ url, ...options, headers: { host: "127.0.0.1:8321", cookie, ...options.headers } });
  return { app, token, cookie, opened, ask, reported };
}

const recipe = "data: /data/photos\nmodel: resnet18\nobjective: sat\nepochs: 3\nresolved: {}\n";
const runs = folder("runs", {
  "a/recipe.yaml": recipe,
  "a/metrics.jsonl": '{"epoch":0,"testAccuracy":0.5}\n{"epoch":1,"testAccuracy":0.75}\n{"epoch":2,"te',
  "study/b/recipe.yaml": recipe,
  "study/b/summary.json": "{}",
  "study/b/checkpoint/not-a-run/recipe.yaml": recipe,
  ".hidden/recipe.yaml": recipe,
});

describe("access to the studio", () => {
  it("takes the token once for a cookie that scripts and other sites do not see", async () => {
    const { opened, ask } = await studioOf(runs);
    expect(opened.statusCode).toBe(200);
    expect(opened.body).toBe("<title>page</title>");
    expect(opened.headers["set-cookie"]).toMatch(
      /^selfadapt-studio-8321=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await ask("/app.js")).body).toBe("1");
  });

  it.each<[string, string, Record<string, string>, number]>([
    ["without a token", "/", {}, 401],
    ["with a wrong token", "/?token=x", {}, 401],
    ["with the token elsewhere", "/api/runs?token=TOKEN", {}, 401],
    ["with a wrong cookie", "/api/runs", { cookie: "selfadapt-studio-8321=x" }, 401],
    ["for a foreign host", "/api/runs", { cookie: "COOKIE", host: "evil.example:8321" }, 403],
    ["for an address in disguise", "/api/runs", { cookie: "COOKIE", host: "127.0.0.1.evil.example" }, 403],
    ["from a foreign origin", "/api/runs", { cookie: "COOKIE", origin: "http://evil.example" }, 403],
    ["from another port", "/api/runs", { cookie: "COOKIE", origin: "http://127.0.0.1:1" }, 403],
    ["from an opaque origin", "/api/runs", { cookie: "COOKIE", origin: "null" }, 403],
    ["from another site without an origin", "/api/runs", { cookie: "COOKIE", "sec-fetch-site": "cross-site" }, 403],
  ])("refuses requests %s", async (_, url, headers, status) => {
    const { app, token, cookie } = await studioOf(runs);
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace("COOKIE", cookie)]);
    const response = await app.inject({
      url: url.replace("TOKEN", token),
      headers: { host: "127.0.0.1:8321", ...Object.fromEntries(sent) },
    });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ error: expect.any(String) });
    expect(response.headers["set-cookie"]).toBeUndefined();
  });

  it("sends headers that let the page load and send nothing elsewhere", async () => {
    const { opened } = await studioOf(runs);
    expect(opened.headers).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(opened.headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe("the list of runs", () => {
  it("has every run below the folder with its last complete epoch, the last changed first", async () => {
    const { ask } = await studioOf(runs);
    const { runs: listed } = runList.parse((await ask("/api/runs")).json());
    expect(
      new Set(listed.map(({ id, status, epoch, testAccuracy }) => [id, status, epoch, testAccuracy].join())),
    ).toEqual(new Set(["a,died,2,0.75", "study/b,finished,0,"]));
    expect(listed[0]).toMatchObject({ method: "sat", model: "resnet18", data: "photos", epochs: 3 });
    expect(listed[0]!.changed).toBeGreaterThanOrEqual(listed[1]!.changed);
  });

  it("has runs that begin later", async () => {
    const root = folder("later");
    const { ask } = await studioOf(root);
    expect((await ask("/api/runs")).json()).toEqual({ runs: [], opens: null });
    mkdirSync(join(root, "new"));
    writeFileSync(join(root, "new", "recipe.yaml"), recipe);
    expect(runList.parse((await ask("/api/runs")).json()).runs.map(({ id }) => id)).toEqual(["new"]);
  });
});
