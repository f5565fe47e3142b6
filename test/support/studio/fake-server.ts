// A server of the studio's page with made-up data: every answer goes through the schemas that the real one has.
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { z } from "zod";
import * as api from "../../../src/studio/api.js";
import { classes, FakeReview } from "./fake-review.js";
import { fakeDetails, fakeEpoch, fakeRuns, fakeSteps } from "./fake-runs.js";

const PAGE = join(import.meta.dirname ?? ".", "../../../dist/studio/web");
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'";

const types = { html: "text/html", js: "text/javascript", css: "text/css", txt: "text/plain" } as const;

export interface FakeStudio {
  readonly url: string;
  readonly review: FakeReview;
  /** Sends the next epoch of the running run to every page that watches it. */
  readonly train: () => void;
  readonly finish: () => void;
  readonly close: () => Promise<void>;
}

interface Options {
  readonly runs?: number;
  readonly samples?: number;
  readonly port?: number;
  /** The folder of the built page. */
  readonly page?: string;
}

/** Starts one on a free port of the loopback. */
export async function startFakeStudio({
  runs = 30,
  samples = 500,
  port = 0,
  page = PAGE,
}: Options = {}): Promise<FakeStudio> {
  const entries = fakeRuns(runs);
  const review = new FakeReview(samples);
  const watchers = new Set<ServerResponse>();
  let epochs = 12;
  const server = createServer((request, response) => {
    response.setHeader("content-security-policy", POLICY);
    route(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });

  async function route(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const [, first = "", second = "", id = "", ...rest] = pathname.split("/").map(decodeURIComponent);
    if (first !== "api") return sendFile(response, page, first || "index.html");
    if (second === "compare") return send(response, api.comparison, differences(searchParams.getAll("runs")));
    if (second === "recipe-form") return send(response, api.recipeForm, form);
    if (id === "" && request.method === "POST") return send(response, api.startedRun, { id: entries[0]?.id ?? "" });
    if (id === "") return send(response, api.runList, { runs: entries });
    const entry = entries.find((run) => run.id === id);
    if (!entry) return fail(response, 404, `there is no run ${id}`);
    if (rest[0] === "events") return watch(response);
    if (rest[0] === undefined) return send(response, api.runDetails, fakeDetails(entry, classes));
    const body = request.method === "POST" ? JSON.parse((await text(request)) || "{}") : {};
    return reviewRoute(response, rest, Object.fromEntries(searchParams), body);
  }

  function reviewRoute(response: ServerResponse, [what, part, sample, image]: string[], query: object, body: object) {
    if (what === "overview") return send(response, api.overview, review.overview());
    if (what === "queue")
      return send(response, api.queuePage, review.queue(api.queueQuery.parse({ ...query, ...body })));
    if (what === "stats") return send(response, api.reviewStats, review.stats());
    if (what === "verdicts") return send(response, api.saved, review.decide(api.verdictAction.parse(body)));
    if (what === "undo") {
      const saved = review.undo();
      return saved ? send(response, api.saved, saved) : fail(response, 409, "there is nothing to undo");
    }
    if (what === "audit") return send(response, api.reviewStats, review.startAudit(api.startAudit.parse(body).draws));
    if (what === "retrain") return send(response, api.startedRun, { id: entries[1]?.id ?? "" });
    if (what === "stop" || what === "resume") return send(response, api.done, { message: `${what} requested` });
    if (what === "before-after") return send(response, api.beforeAfter, beforeAfter);
    if (what === "map" || what === "labels" || what === "numbers")
      return sendMap(response, what, part === "test" ? 200 : samples);
    if (what === "export") return response.setHeader("content-disposition", "attachment").end("file,label\n");
    if (what === "samples" && image === "image") return sendPicture(response, Number(sample));
    if (what === "samples") return send(response, api.sampleDetails, review.details(Number(sample)));
    return fail(response, 404, `there is no ${what} of ${part}`);
  }

  function watch(response: ServerResponse) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    watchers.add(response);
    response.on("close", () => watchers.delete(response));
    for (let epoch = 0; epoch < epochs; epoch++) sendEpoch(response, epoch);
    event(response, "status", { status: "running", startEpoch: 6, secondsLeft: (40 - epochs) * 8.5 });
    event(response, "machine", { cpu: 0.71, cores: 8, memoryUsed: 5.4e9, memoryTotal: 16e9, diskFree: 2.1e11 });
    event(response, "note", { level: "info", text: "epoch 6: the targets begin to move (start of self-adaptation)" });
  }

  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    review,
    train() {
      for (const watcher of watchers) sendEpoch(watcher, epochs);
      epochs += 1;
    },
    finish() {
      for (const watcher of watchers) event(watcher, "status", { status: "finished", startEpoch: 6, secondsLeft: 0 });
    },
    close: () => closed(server),
  };
}

function sendEpoch(response: ServerResponse, epoch: number) {
  event(response, "step", fakeSteps(epoch));
  event(response, "epoch", fakeEpoch(epoch));
}

function event(response: ServerResponse, name: string, data: unknown) {
  response.write(`event: ${name}\nid: 0:0\ndata: ${JSON.stringify(data)}\n\n`);
}

function send<T extends z.ZodType>(response: ServerResponse, schema: T, value: z.input<T>) {
  const body = JSON.stringify(schema.parse(value));
  response.writeHead(200, { "content-type": "application/json" }).end(body);
}

function fail(response: ServerResponse, status: number, error: string) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}

function sendFile(response: ServerResponse, folder: string, name: string) {
  if (!readdirSync(folder).includes(name)) return fail(response, 404, `there is no ${name}`);
  const end = name.split(".").at(-1) as keyof typeof types;
  return response.writeHead(200, { "content-type": types[end] ?? "text/plain" }).end(readFileSync(join(folder, name)));
}

/** A disc on a colored ground: every sample looks different, and like its class. */
function sendPicture(response: ServerResponse, sample: number) {
  const [hue, sides] = [(sample * 47) % 360, 3 + (sample % 10)];
  const points = Array.from({ length: sides }, (_, i) => {
    const angle = (2 * Math.PI * i) / sides + sample;
    return `${16 + 10 * Math.cos(angle)},${16 + 10 * Math.sin(angle)}`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="hsl(${hue} 30% 35%)"/><polygon points="${points.join(" ")}" fill="hsl(${(hue + 140) % 360} 60% 65%)"/></svg>`;
  response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "max-age=3600" }).end(svg);
}

function sendMap(response: ServerResponse, what: "map" | "labels" | "numbers", n: number) {
  response.setHeader("x-samples", n);
  if (what === "numbers") return response.end(Buffer.from(Int32Array.from({ length: n }, (_, i) => i).buffer));
  if (what === "labels") return response.end(Buffer.from(Int32Array.from({ length: n }, (_, i) => i % 10).buffer));
  const spread = (i: number, k: number) => 0.09 * Math.sin(i * 12.9898 * k) * Math.sin(i * 78.233);
  const at = Float32Array.from({ length: 2 * n }, (_, k) => {
    const [i, axis] = [k >> 1, k & 1];
    const angle = (2 * Math.PI * (i % 10)) / 10;
    return 0.5 + 0.34 * (axis ? Math.sin(angle) : Math.cos(angle)) + spread(i, axis + 1);
  });
  return response.end(Buffer.from(at.buffer));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function differences(runs: string[]) {
  const values = (f: (i: number) => string) => runs.map((_, i) => f(i));
  return {
    runs,
    differences: [
      { key: "lr", values: values((i) => String(0.1 / (i + 1))) },
      { key: "objective", values: values((i) => ["sat", "ce"][i % 2] as string) },
    ],
  };
}

const form = {
  pretrains: ["moco"],
  groups: [
    {
      title: "Data",
      objective: null,
      schema: {
        type: "object",
        required: ["data"],
        properties: {
          data: { type: "string", description: "folder or file with the training data" },
          noise: { type: "string", default: "none", description: "noise to inject" },
        },
      },
    },
    {
      title: "Training",
      objective: null,
      schema: {
        type: "object",
        properties: {
          epochs: { type: "integer", default: 200, minimum: 1, description: "passes over the training data" },
          optimizer: { enum: ["sgd", "adam", "adamw"], default: "sgd", description: "update rule of the weights" },
          nesterov: { type: "boolean", default: false, description: "use Nesterov momentum" },
        },
      },
    },
  ],
};

const beforeAfter = {
  rows: [
    { figure: "test accuracy", unit: "fraction" as const, before: 0.812, after: 0.847 },
    { figure: "test loss", unit: "number" as const, before: 0.75, after: 0.5 },
    { figure: "verdicts that the network agrees with", unit: "fraction" as const, before: 0.71, after: 0.96 },
  ],
};
