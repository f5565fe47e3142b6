// 10,000 malformed, foreign and crafted requests: the studio fails on none, and gives out no file outside of the data and the runs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InjectOptions } from "light-my-request";
import { beforeAll, expect, test } from "vitest";
import { randomFrom } from "../src/data/index.js";
import { collectEvidence } from "../src/studio/server/evidence/collect.js";
import { train } from "../src/training/index.js";
import { openStudio, studioHost } from "./support/studio.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";
import { until } from "./support/until.js";

const folder = temporaryFolder();
const secret = "kept outside of the runs";
const outside = folder("outside", { "secret.txt": secret, "secret.png": secret, "recipe.yaml": secret });
const root = join(outside, "runs");
const page = folder("page", { "index.html": "page" });
/** Nothing is there, so that no process is started for long. */
const built = folder("built");

const routes = [
  "runs",
  "runs/RUN",
  "runs/RUN/stop",
  "runs/RUN/resume",
  "runs/RUN/overview",
  "runs/RUN/queue",
  "runs/RUN/samples/PART/N",
  "runs/RUN/samples/PART/N/image",
  "runs/RUN/verdicts",
  "runs/RUN/undo",
  "runs/RUN/stats",
  "runs/RUN/audit",
  "runs/RUN/map",
  "runs/RUN/labels",
  "runs/RUN/before-after",
  "recipe-form",
  "compare",
  "nothing",
];
const names = [
  "first",
  "..",
  ".",
  "../outside",
  "first/../..",
  "%2e%2e",
  "%00",
  "/etc/passwd",
  "C:\\",
  "\u{1F4A3}",
  "a".repeat(3000),
  "",
];
const tricks = [
  "../secret.txt",
  "..%2fsecret.txt",
  "%2e%2e/%2e%2e/secret.png",
  "..\\secret.txt",
  "//etc/passwd",
  "file:///etc/passwd",
  "secret.txt%00.js",
  "....//....//secret.txt",
];
const values = [
  "",
  "0",
  "-1",
  "1e9",
  "NaN",
  "null",
  "[]",
  "train",
  "suspects",
  "right",
  "%",
  "%ff",
  "a&b=c",
  "__proto__",
  "9".repeat(400),
  "'\"<svg onload=x>",
];
const keys = [
  "part",
  "queue",
  "size",
  "v",
  "samples",
  "offset",
  "limit",
  "minWrong",
  "search",
  "given",
  "with",
  "runs",
  "reviewer",
  "token",
  "__proto__",
];
const hosts = [
  studioHost,
  studioHost,
  studioHost,
  "evil.example",
  "127.0.0.1.evil.example",
  "[::1",
  "",
  "127.0.0.1:99999",
];
const origins = [
  undefined,
  undefined,
  undefined,
  `http://${studioHost}`,
  "http://evil.example",
  "null",
  "javascript:1",
];
const types = [
  "application/json",
  "application/json",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "\u0001",
];

const { app, ask, cookie } = await openStudio(root, { collect: collectEvidence, page, built });

beforeAll(async () => {
  const data = "shapes:train=40,test=20,size=16,seed=3";
  await train({ ...tinyRecipe, data, epochs: 1, startEpoch: 0 }, { out: join(root, "first") });
  await until(async () => (await ask("/api/runs/first/overview")).statusCode === 200);
  writeFileSync(join(root, "first", "private.txt"), secret);
}, 60_000);

/** Request number `i`. */
function requestOf(i: number): InjectOptions {
  const random = randomFrom(1, "studio", i);
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const often = (chance: number) => random.uniform() < chance;
  const filled = one(routes)
    .replace("RUN", () => (often(0.7) ? "first" : encodeURIComponent(one(names))))
    .replace("PART", () => (often(0.7) ? one(["train", "test", "validation"]) : one(tricks)))
    .replace("N", () => (often(0.7) ? String(random.integer(50)) : one([...values, ...tricks])));
  const query = Array.from(
    { length: random.integer(4) },
    () => `${one(keys)}=${often(0.5) ? one(values) : random.integer(100)}`,
  );
  const path = often(0.1) ? `/${one(tricks)}` : `/api/${filled}`;
  const origin = one(origins);
  const method = one(["GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"] as const);
  return {
    method,
    url: query.length === 0 ? path : `${path}?${query.join("&")}`,
    headers: {
      host: one(hosts),
      ...(often(0.9) && { cookie: often(0.9) ? cookie : "selfadapt-studio-8321=x; selfadapt-studio-8321" }),
      ...(origin !== undefined && { origin }),
      ...(method === "POST" && { "content-type": one(types) }),
    },
    ...(method === "POST" && often(0.9) && { payload: bodyOf(i) }),
  };
}

/** JSON of the right and of wrong shapes, and what is no JSON. */
function bodyOf(i: number): string {
  const random = randomFrom(2, "body", i);
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const any = () =>
    one<unknown>([0, -1, 1e300, "train", "right", "relabel", "disc", null, [], {}, [1], ["x"], true, secret]);
  const fields = [
    "part",
    "samples",
    "verdict",
    "label",
    "labels",
    "reviewer",
    "seconds",
    "queue",
    "again",
    "draws",
    "recipe",
    "limit",
  ];
  const body = Object.fromEntries(Array.from({ length: random.integer(9) }, () => [one(fields), any()]));
  const text = JSON.stringify(random.uniform() < 0.9 ? body : any());
  return random.uniform() < 0.9 ? text : text.slice(0, -1) + one(["", "\u0000", '"__proto__":{}}', "}}"]);
}

test("no malformed request fails the studio or gets a file from outside", async () => {
  const before = readFileSync(join(root, "first", "recipe.yaml"), "utf8");
  const failed: string[] = [];
  const seen = new Map<number, number>();
  for (let i = 0; i < 10_000; i++) {
    const request = requestOf(i);
    const response = await app.inject(request);
    const { statusCode, body } = response;
    seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
    const foreign =
      request.headers!.host !== studioHost ||
      ![undefined, `http://${studioHost}`].includes(request.headers!.origin as string);
    if (statusCode >= 500 || (foreign && statusCode < 400))
      failed.push(`${i}: ${statusCode} ${request.method} ${request.url}`);
    if (body.includes(secret) && !String(request.payload).includes(secret))
      failed.push(`${i}: the secret by ${request.url}`);
  }
  expect(failed).toEqual([]);
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404]));
  expect(seen.get(200)).toBeGreaterThan(150);
  expect(readFileSync(join(root, "first", "recipe.yaml"), "utf8")).toBe(before);
  expect((await ask("/api/runs")).statusCode).toBe(200);
}, 120_000);
