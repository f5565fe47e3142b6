// `selfadapt serve` as a process: what it answers, bears, and does when it is told to stop.
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { selfadapt } from "./support/command.js";
import { malformedRequest } from "./support/malformed.mjs";
import { startServing } from "./support/serving.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { colorModel } from "./support/tiny-onnx.js";
import { nextTry, until } from "./support/until.js";

const folder = temporaryFolder();
const withoutEngine = ["--import", new URL("support/without-engine.mjs", import.meta.url).href];
let model: string;
let red: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  model = join(folder("model", { "model.onnx": colorModel() }), "model.onnx");
  red = Uint8Array.from((await photos(["red"], { each: 1 }))["red/0.png"] as Uint8Array);
});

const ask = (url: string, body: Uint8Array<ArrayBuffer> = red) =>
  fetch(`${url}/predict`, { method: "POST", headers: { "content-type": "image/png" }, body });

const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text();

interface Answer {
  readonly label: string;
}

describe("serve", () => {
  test("answers on loopback, without the engine, and ends with status 0 when told to", async () => {
    const serving = await startServing([model, "--port", "0"], withoutEngine);
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await ask(serving.url);
    expect([response.status, ((await response.json()) as Answer[])[0]?.label]).toEqual([200, "red"]);
    expect(await serving.stop("SIGTERM")).toBe(0);
    await expect(ask(serving.url)).rejects.toThrow();
  });

  test("says in one line that a port is taken, and ends with 130 on Ctrl-C", async () => {
    const serving = await startServing([model, "--port", "0"]);
    const { port } = new URL(serving.url);
    const { status, stdout, stderr } = selfadapt(["serve", model, "--port", port]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`error: cannot listen on 127.0.0.1:${port}: the port is in use; choose another --port\n`);
    expect(await serving.stop("SIGINT")).toBe(130);
  });

  test("bears hundreds of malformed requests, answers each with 4xx, and then answers rightly", async () => {
    const serving = await startServing([model, "--port", "0", "--timeout", "5"]);
    const statuses = await Promise.all(
      Array.from({ length: 4 }, async (_, worker) => {
        const seen: [number, string][] = [];
        for (let i = worker; i < 400; i += 4) {
          const { method, path, headers, body = null } = malformedRequest(1, i, red);
          const response = await fetch(`${serving.url}${path}`, { method, headers, body });
          seen.push([response.status, `${i}: ${method} ${path} ${await response.text()}`]);
        }
        return seen;
      }),
    );
    const notRefused = statuses
      .flat()
      .filter(([status, what]) => status < 400 || status >= 500 || !what.includes('"error"'));
    expect(notRefused.filter(([, what]) => !what.includes("GET /health"))).toEqual([]);
    expect(((await (await ask(serving.url)).json()) as Answer[])[0]?.label).toBe("red");
    expect(await metricsOf(serving.url)).toContain("selfadapt_queue_length 0\n");
    expect(serving.said()).toBe("");
  });

  test("answers bytes that are no HTTP, and bodies that never end, and goes on", async () => {
    const serving = await startServing([model, "--port", "0", "--timeout", "0.3"]);
    const { port } = new URL(serving.url);
    const send = (bytes: string) =>
      new Promise<string>((resolve) => {
        let answer = "";
        const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes));
        socket.on("data", (text) => {
          answer += text;
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(answer));
      });
    expect(await send("\x16\x03\x01 hello\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*\{"error":"the request is not valid HTTP"\}$/,
    );
    expect(await send(`GET / HTTP/1.1\r\nX: ${"y".repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const endless = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 99\r\n\r\nabc";
    expect(await send(endless)).toMatch(/^HTTP\/1\.1 408 [\s\S]*\{"error":"the request took too long to arrive"\}$/);
    expect((await ask(serving.url)).status).toBe(200);
  });
});

describe("a server that is told to stop", () => {
  test("answers what it accepted and what is sent over open connections, then is gone", async () => {
    const serving = await startServing([model, "--port", "0", "--max-wait-ms", "1500"]);
    const inFlight = Array.from({ length: 20 }, () => ask(serving.url));
    const half = halfSent(serving.url);
    await until(async () => (await metricsOf(serving.url)).includes("selfadapt_queue_length 21\n"));
    const ended = serving.stop("SIGTERM");
    await until(() => serving.said().includes("stopping: "));
    half.send(red.subarray(10));
    const responses = await Promise.all(inFlight);
    const answered = responses.map(({ status, headers }) => [status, headers.get("connection")]);
    expect(answered).toEqual(Array(20).fill([200, "close"]));
    expect(await half.status).toBe(200);
    expect(await ended).toBe(0);
  });

  test("gives its port to the next one, and no request is lost to those who come again when refused", async () => {
    const first = await startServing([model, "--port", "0"]);
    const { port } = new URL(first.url);
    const answered = [0, 0, 0, 0];
    let going = true;
    const clients = answered.map(async (_, client) => {
      while (going) {
        const status = await ask(first.url).then(
          (response) => response.status,
          (error: Error) => (error.cause as NodeJS.ErrnoException).code,
        );
        if (status === 200) answered[client]!++;
        else if (status === "ECONNREFUSED") await nextTry();
        else throw new Error(`an accepted request got ${status}`);
      }
    });
    const everybodyAnswered = async (more: number) => {
      const wanted = answered.map((count) => count + more);
      await until(() => answered.every((count, i) => count >= wanted[i]!));
    };
    await everybodyAnswered(5);
    expect(await first.stop("SIGTERM")).toBe(0);
    const second = await startServing([model, "--port", port]);
    await everybodyAnswered(5);
    going = false;
    await Promise.all(clients);
    expect(await second.stop("SIGTERM")).toBe(0);
  });
});

/** A request whose head and first bytes are there, and whose rest follows. */
function halfSent(url: string) {
  const headers = { "content-type": "image/png", "content-length": String(red.length) };
  const request = httpRequest(`${url}/predict`, { method: "POST", headers });
  request.write(red.subarray(0, 10));
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject);
  });
  return { status, send: (rest: Uint8Array) => void request.end(rest) };
}
