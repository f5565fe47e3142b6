import sharp from "sharp";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import type { Predictor } from "../inference/index.js";
import { createServer, type Server, type ServerOptions } from "./server.js";

const classes = ["red", "green", "blue"];
const options: ServerOptions = { maxBatch: 4, maxWaitMs: 2, queue: 8, bodyLimit: 100_000, timeoutMs: 2000 };

/** Predicts the brightest channel of images of 4 by 4, after `ready`, and keeps the size of each batch. */
function colorPredictor(ready: Promise<void> = Promise.resolve()) {
  const sizes: number[] = [];
  const predictor: Predictor = {
    classes,
    input: { kind: "images", channels: 3, height: 4, width: 4, range: [0, 1] },
    score: "softmax-response",
    calibration: null,
    threshold: 0.5,
    async predict(batch, samples) {
      sizes.push(samples);
      await ready;
      return Array.from({ length: samples }, (_, i) => {
        const first = [0, 16, 32].map((plane) => (batch[i * 48 + plane] as number) / 255);
        const confidence = Math.max(...first);
        const label = classes[first.indexOf(confidence)] as string;
        return { label, confidence, abstained: confidence < 0.5, probabilities: Float32Array.from(first) };
      });
    },
    close: async () => {},
  };
  return { predictor, sizes };
}

/** `ready` resolves when `open` is called. */
function gate() {
  let open = () => {};
  const ready = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { ready, open };
}

/** Resolves when so many of the promises have. */
function settled(promises: readonly Promise<unknown>[], count: number): Promise<void> {
  let done = 0;
  return new Promise((resolve) => {
    for (const promise of promises) void promise.then(() => ++done === count && resolve());
  });
}

const featurePredictor: Predictor = {
  ...colorPredictor().predictor,
  input: { kind: "features", shape: [2, 2] },
  predict: async (batch, samples) =>
    Array.from({ length: samples }, (_, i) => ({
      label: "red",
      confidence: batch[4 * i + 3] as number,
      abstained: false,
      probabilities: new Float32Array(3),
    })),
};

let server: Server | undefined;
const reported: string[] = [];
afterEach(async () => {
  await server?.app.close();
});

async function serve(predictor: Predictor, changed: Partial<ServerOptions> = {}) {
  server = await createServer(predictor, { ...options, ...changed }, ({ message }) => void reported.push(message));
  return server.app;
}

const picture = (background: string, side = 4) =>
  sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();
let red: Buffer;
let dim: Buffer;
beforeAll(async () => {
  [red, dim] = await Promise.all([picture("#ff0000"), picture("#003300")]);
});

const raw = (payload: Buffer | string, type = "image/png") =>
  ({ method: "POST", url: "/predict", headers: { "content-type": type }, payload }) as const;
const json = (payload: object) => ({ method: "POST", url: "/predict", payload }) as const;

/** A form with files. */
function form(files: Readonly<Record<string, Buffer>>, fields: Readonly<Record<string, string>> = {}) {
  const named = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  const parts = Object.entries(files).flatMap(([name, bytes]) => [
    Buffer.from(`--xyz\r\nContent-Disposition: form-data; name="photo"; filename="${name}"\r\n\r\n`),
    bytes,
    Buffer.from("\r\n"),
  ]);
  return raw(Buffer.concat([...named, ...parts, Buffer.from("--xyz--\r\n")]), "multipart/form-data; boundary=xyz");
}

const redAnswer = (file: string) => ({ file, label: "red", confidence: 1, abstained: false });
const dimAnswer = (file: string) => ({ file, label: "green", confidence: 0.2, abstained: true });

describe("POST /predict", () => {
  it("takes an image as the body, files of a form, and base64 in JSON", async () => {
    const app = await serve(colorPredictor().predictor);
    const types = ["image/png", "image/x-unknown", "application/octet-stream", "application/x-www-form-urlencoded"];
    for (const type of types) {
      expect((await app.inject(raw(red, type))).json()).toEqual([redAnswer("body")]);
    }
    const both = await app.inject(form({ "a.png": red, "b.png": dim }));
    expect(both.json()).toEqual([redAnswer("a.png"), dimAnswer("b.png")]);
    const images = [dim, red].map((bytes) => bytes.toString("base64"));
    expect((await app.inject(json({ images }))).json()).toEqual([dimAnswer("images[0]"), redAnswer("images[1]")]);
    const urls = ["data:image/png;base64,", "data:;base64,"].map((head, i) => `${head}${images[i]}`);
    expect((await app.inject(json({ images: urls }))).json()).toEqual([dimAnswer("images[0]"), redAnswer("images[1]")]);
  });

  it("takes features as rows, flat or in the model's shape", async () => {
    const app = await serve(featurePredictor);
    const { statusCode, body } = await app.inject(
      json({
        features: [
          [1, 2, 3, 4],
          [
            [1, 2],
            [3, 5],
          ],
        ],
      }),
    );
    expect([statusCode, (JSON.parse(body) as { confidence: number }[]).map(({ confidence }) => confidence)]).toEqual([
      200,
      [4, 5],
    ]);
  });

  it("refuses features that are no finite floats, and answers those that come with them", async () => {
    const app = await serve(featurePredictor);
    const nested = `${"[".repeat(5000)}1${"]".repeat(5000)}`;
    const rows = ["[1, 2, 3, 4]", "[1e300, 2, 3, 4]", "[1, 2, 3]", '[1, 2, 3, "4"]', `[${nested}, 1, 2, 3]`];
    const asked = rows.map((row) => app.inject(raw(`{"features": [${row}]}`, "application/json")));
    expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual([200, 400, 400, 400, 400]);
  });

  it("refuses a sample that the model makes no prediction of, and answers those in its batch", async () => {
    const refusing = {
      ...featurePredictor,
      predict: async (batch: Float32Array | Uint8Array, samples: number) => {
        if (batch.includes(9)) throw new InputError("the model returned NaN for a sample");
        return featurePredictor.predict(batch, samples);
      },
    };
    const app = await serve(refusing);
    const asked = [4, 9, 5].map((last) => app.inject(json({ features: [[1, 2, 3, last]] })));
    const answers = await Promise.all(asked);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 400, 200]);
    expect(answers[1]?.json()).toEqual({ error: "the model returned NaN for a sample" });
  });

  it("answers requests that come together as one by one, in fewer batches", async () => {
    const { predictor, sizes } = colorPredictor();
    const app = await serve(predictor, { queue: 64, maxWaitMs: 20 });
    const bodies = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? red : dim));
    const single = [];
    for (const body of bodies) single.push((await app.inject(raw(body))).json());
    sizes.length = 0;
    const together = await Promise.all(bodies.map((body) => app.inject(raw(body))));
    expect(together.map((response) => response.json())).toEqual(single);
    expect(sizes.length).toBeLessThan(24);
    expect(Math.max(...sizes)).toBe(4);
  });
});

describe("a request that is refused", () => {
  const bomb = () => picture("#000000", 11_000);

  it("has an error of one shape, with the reason, and harms nothing", async () => {
    const app = await serve(colorPredictor().predictor);
    const cases: [request: object, status: number, reason: string][] = [
      [raw("no picture"), 400, "body cannot be decoded: "],
      [raw(""), 400, "body cannot be decoded: the file is empty"],
      [raw(red.subarray(0, red.length - 20)), 400, "body cannot be decoded: "],
      [form({ "good.png": red, "bad.png": dim.subarray(8) }), 400, "bad.png cannot be decoded: "],
      [form({}), 400, "the form holds no file"],
      [raw("--xyz\r\nhalf a form", "multipart/form-data; boundary=xyz"), 400, ""],
      [raw("x", "multipart/form-data"), 400, ""],
      [raw("{", "application/json"), 400, ""],
      [json({ images: [] }), 400, "no image; expected "],
      [json({ images: ["?"] }), 400, "images[0] cannot be decoded: the file is empty"],
      [json({ images: ["data:image/svg+xml,%3Csvg/%3E"] }), 400, "images[0] is a data URL without base64; expected "],
      [
        raw('{"images": []}', "application/x-www-form-urlencoded"),
        400,
        "expected the header content-type: application/",
      ],
      [{ ...raw(red), url: "/predict?threshold=0.5" }, 400, 'unknown query key "threshold"; POST /predict takes none'],
      [{ method: "GET", url: "/health?verbose" }, 400, 'unknown query key "verbose"; GET /health takes none'],
      [json({ pictures: [1] }), 400, "no image; expected "],
      [json({ images: [red.toString("base64")], threshold: 0.99 }), 400, 'unknown field "threshold"; '],
      [form({ "a.png": red }, { threshold: "0.99" }), 400, 'unknown field "threshold"; '],
      [form(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}.png`, red]))), 413, "9 samples in one "],
      [json({ images: Array(9).fill("") }), 413, "9 samples in one request; expected 8 at most"],
      [{ method: "POST", url: "/predict" }, 400, "no image; expected "],
      [raw(Buffer.alloc(100_001)), 413, ""],
      [form({ "a.png": Buffer.alloc(60_000), "b.png": Buffer.alloc(60_000) }), 413, "100000 bytes together"],
      [form({ "a.png": Buffer.alloc(100_001) }), 413, ""],
      [raw("words", "text/plain"), 415, ""],
      [{ method: "GET", url: "/predict" }, 404, "there is no GET /predict"],
      [{ method: "POST", url: "/nowhere" }, 404, "there is no POST /nowhere"],
    ];
    for (const [request, status, reason] of cases) {
      const response = await app.inject(request);
      const { error, ...rest } = response.json() as { error: string };
      expect([response.statusCode, error, rest], reason).toEqual([status, expect.stringContaining(reason), {}]);
    }
    expect((await app.inject(raw(red))).json()).toEqual([redAnswer("body")]);
    expect((await app.inject("/metrics")).body).toContain("selfadapt_queue_length 0\n");
    expect(reported).toEqual([]);
  });

  it("may be a picture of more pixels than its file tells", async () => {
    const app = await serve(colorPredictor().predictor, { bodyLimit: 1e6 });
    const response = await app.inject(raw(await bomb()));
    expect([response.statusCode, response.json().error]).toEqual([400, expect.stringContaining("pixel limit")]);
  });

  it("may have features of another length, or none", async () => {
    const app = await serve(featurePredictor);
    for (const features of [[[1, 2, 3]], [[1, 2, 3, "4"]], [[1, 2, 3, null]], [], "1", [1]]) {
      expect((await app.inject(json({ features }))).statusCode, JSON.stringify(features)).toBe(400);
    }
    expect((await app.inject(raw('{"features": [[1, 2, 3, 1e400]]}', "application/json"))).statusCode).toBe(400);
  });
});

describe("a server with more than it can do", () => {
  it("answers 503 and when to come again, and all that it took on", async () => {
    const { ready, open } = gate();
    const app = await serve(colorPredictor(ready).predictor, { queue: 3, maxBatch: 1 });
    const requests = Array.from({ length: 8 }, () => Promise.resolve(app.inject(raw(red))));
    await settled(requests, 5);
    open();
    const responses = await Promise.all(requests);
    const accepted = responses.filter(({ statusCode }) => statusCode === 200);
    const refused = responses.filter(({ statusCode }) => statusCode === 503);
    expect([accepted.length, refused.length]).toEqual([3, 5]);
    expect(accepted.map((response) => response.json())).toEqual(Array(3).fill([redAnswer("body")]));
    for (const response of refused) {
      expect(response.headers["retry-after"]).toBe("1");
      expect(response.json()).toEqual({ error: "3 samples are waiting, the most there may be" });
    }
    const several = json({ images: Array(3).fill(red.toString("base64")) });
    const [first, second] = await Promise.all([app.inject(several), app.inject(several)]);
    expect([first.statusCode, second.statusCode].sort()).toEqual([200, 503]);
    expect((await app.inject(raw(red))).statusCode).toBe(200);
  });

  it("answers 503 to what takes too long, and tells nobody what went wrong inside", async () => {
    const { ready, open } = gate();
    const slow = await serve(colorPredictor(ready).predictor, { timeoutMs: 50 });
    expect((await slow.inject(raw(red))).json()).toEqual({ error: "no prediction after 50 ms" });
    open();
    await slow.close();
    const predict = async () => {
      throw new Error("a secret of ours");
    };
    const broken = await serve({ ...colorPredictor().predictor, predict });
    const response = await broken.inject(raw(red));
    expect([response.statusCode, response.json()]).toEqual([500, { error: "the server failed" }]);
    expect(reported.splice(0)).toEqual(["a secret of ours"]);
  });
});

describe("what a server tells of itself", () => {
  it("is its health, its metrics and how to use it", async () => {
    const app = await serve(colorPredictor().predictor);
    await app.inject(form({ "a.png": red, "b.png": dim }));
    await app.inject(raw("broken"));
    expect((await app.inject("/health")).json()).toEqual({ status: "ready" });
    const { body, headers } = await app.inject("/metrics");
    expect(headers["content-type"]).toContain("text/plain");
    for (const line of [
      'selfadapt_requests_total{status="200"} 1',
      'selfadapt_requests_total{status="400"} 1',
      "selfadapt_request_seconds_count 2",
      'selfadapt_batch_size_bucket{le="2"} 1',
      "selfadapt_predictions_total 2",
      "selfadapt_abstentions_total 1",
      "selfadapt_queue_length 0",
    ]) {
      expect(body.split("\n")).toContain(line);
    }
    expect((await app.inject("/")).body).toContain("3 classes; abstains where softmax-response is below 0.5");
    server?.startDraining();
    const draining = await app.inject("/health");
    expect([draining.statusCode, draining.json(), draining.headers.connection]).toEqual([
      503,
      { status: "draining" },
      "close",
    ]);
  });
});

describe("pages of other origins", () => {
  const from = (origin: string, headers = {}) => ({ headers: { origin, ...headers } });
  const preflight = { "access-control-request-method": "POST" };
  const allowed = "access-control-allow-origin";

  it("may call the server where they are listed, errors included", async () => {
    const app = await serve(colorPredictor().predictor, { origins: ["https://a.example"] });
    for (const request of [
      { ...raw(red), headers: { ...raw(red).headers, origin: "https://a.example" } },
      { ...raw("no picture"), headers: { ...raw(red).headers, origin: "https://a.example" } },
      { method: "GET", url: "/nowhere", ...from("https://a.example") } as const,
    ]) {
      const { headers } = await app.inject(request);
      expect([headers[allowed], headers.vary]).toEqual(["https://a.example", "Origin"]);
    }
    const { statusCode, headers } = await app.inject({
      method: "OPTIONS",
      url: "/predict",
      ...from("https://a.example", preflight),
    });
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      [allowed]: "https://a.example",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "Content-Type",
    });
  });

  it("may not where others are listed, or none", async () => {
    for (const origins of [["https://a.example"], []]) {
      const app = await serve(colorPredictor().predictor, { origins });
      const { headers } = await app.inject({ method: "GET", url: "/health", ...from("https://b.example") });
      expect(headers[allowed]).toBeUndefined();
      const request = { method: "OPTIONS", url: "/predict", ...from("https://b.example", preflight) } as const;
      expect((await app.inject(request)).statusCode).toBe(404);
      await app.close();
    }
  });

  it("may all where * is listed", async () => {
    const app = await serve(colorPredictor().predictor, { origins: ["*"] });
    const { headers } = await app.inject({ method: "GET", url: "/health", ...from("https://b.example") });
    expect([headers[allowed], headers.vary]).toEqual(["*", undefined]);
  });
});
