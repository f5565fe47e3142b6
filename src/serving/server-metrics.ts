// Prometheus metrics of a server.
import type { Prediction } from "../inference/index.js";
import { optionalPackage } from "../optional-package.js";
import type { Admission } from "./admission.js";

export interface ServerMetrics {
  request(status: number, seconds: number): void;
  batch(predictions: readonly Prediction[]): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Requests to `/predict` by status, their latency, batches, abstentions, and how many samples are in. */
export async function createMetrics(admission: Admission, maxBatch: number): Promise<ServerMetrics> {
  const { Counter, Gauge, Histogram, Registry } = await optionalPackage(
    "a prediction server",
    ["prom-client"],
    () => import("prom-client"),
  );
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "selfadapt_requests_total",
    help: "Requests to /predict, by HTTP status",
    labelNames: ["status"],
    registers,
  });
  const latency = new Histogram({
    name: "selfadapt_request_seconds",
    help: "Time from a request's head to the end of its response",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const batches = new Histogram({
    name: "selfadapt_batch_size",
    help: "Samples per batch",
    buckets: powersOfTwo(maxBatch),
    registers,
  });
  const predictions = new Counter({ name: "selfadapt_predictions_total", help: "Samples predicted", registers });
  const abstentions = new Counter({ name: "selfadapt_abstentions_total", help: "Samples abstained on", registers });
  new Gauge({
    name: "selfadapt_queue_length",
    help: "Samples accepted and not yet predicted",
    registers,
    collect() {
      this.set(admission.count);
    },
  });
  return {
    request(status, seconds) {
      requests.inc({ status });
      latency.observe(seconds);
    },
    batch(answered) {
      batches.observe(answered.length);
      predictions.inc(answered.length);
      abstentions.inc(answered.filter(({ abstained }) => abstained).length);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** 1, 2, 4, ... up to the first that is not below `largest`. */
function powersOfTwo(largest: number): number[] {
  const count = Math.ceil(Math.log2(largest)) + 1;
  return Array.from({ length: count }, (_, i) => 2 ** i);
}
