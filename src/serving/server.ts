// A predictor over HTTP: the routes.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { InputError } from "../errors.js";
import { assembleBatch, filePrediction, type Predictor } from "../inference/index.js";
import { createAdmission, type Ticket } from "./admission.js";
import { createBatcher } from "./batcher.js";
import { withDeadline } from "./deadline.js";
import { helpText } from "./help-text.js";
import { createHttpApp, type HttpOptions } from "./http-app.js";
import { RequestError } from "./request-error.js";
import { readSamples } from "./request-samples.js";
import { createMetrics } from "./server-metrics.js";

/** `timeoutMs`: limit for receiving a request, and again for the response. */
export interface ServerOptions extends HttpOptions {
  /** Largest batch. */
  readonly maxBatch: number;
  /** How long a sample waits for others, in milliseconds. */
  readonly maxWaitMs: number;
  /** Limit of samples that are accepted and not yet predicted. */
  readonly queue: number;
}

export interface Server {
  readonly app: FastifyInstance;
  /** From now on every response closes its connection, and `/health` reports "draining". */
  startDraining(): void;
}

declare module "fastify" {
  interface FastifyRequest {
    ticket: Ticket | null;
  }
}

/** Builds the server of a predictor; `report` is told of errors that are its own. */
export async function createServer(
  predictor: Predictor,
  options: ServerOptions,
  report: (error: Error) => void,
): Promise<Server> {
  const { queue, bodyLimit, timeoutMs, maxBatch, maxWaitMs } = options;
  const admission = createAdmission(queue);
  const metrics = await createMetrics(admission, maxBatch);
  const submit = createBatcher({
    maxBatch,
    maxWaitMs,
    async predict(samples: (Float32Array | Uint8Array)[]) {
      const batch = assembleBatch(samples, predictor.input);
      const predictions = await predictor.predict(batch, samples.length).catch(asRefusal);
      metrics.batch(predictions);
      return predictions;
    },
  });

  /** Takes a request on before its body is read, so that bodies are bounded too. */
  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    request.ticket = admission.enter();
    if (request.ticket === null) throw new RequestError(503, `${queue} samples are waiting, the most there may be`);
    reply.raw.once("close", () => request.ticket?.leave());
  }

  async function predict(request: FastifyRequest, signal: AbortSignal) {
    const samples = await readSamples(request, predictor.input, { samples: queue, bytes: bodyLimit });
    signal.throwIfAborted();
    if (request.ticket?.add(samples.length - 1) !== true) {
      throw new RequestError(503, `${admission.count} samples are waiting; ${samples.length} more than ${queue} allow`);
    }
    const predictions = await Promise.all(samples.map(({ values }) => submit(values, signal)));
    return samples.map(({ file }, i) => filePrediction(file, predictions[i]!));
  }

  const app = await createHttpApp(options, report);
  app.decorateRequest("ticket", null);
  let draining = false;
  app.addHook("onSend", async (_, reply) => {
    if (draining) reply.header("connection", "close");
  });
  app.get("/", (_, reply) => reply.type("text/plain; charset=utf-8").send(helpText(predictor)));
  app.get("/health", (_, reply) => reply.code(draining ? 503 : 200).send({ status: draining ? "draining" : "ready" }));
  app.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.post("/predict", {
    onRequest: admit,
    onResponse: async (_, { statusCode, elapsedTime }) => metrics.request(statusCode, elapsedTime / 1000),
    handler: (request, reply) => withDeadline(reply.raw, timeoutMs, (signal) => predict(request, signal)),
  });
  return {
    app,
    startDraining: () => {
      draining = true;
    },
  };
}

/** What the model makes of a sample may be refused: its values lead to none that are finite. */
function asRefusal(error: unknown): never {
  throw error instanceof InputError ? new RequestError(400, error.message) : error;
}
