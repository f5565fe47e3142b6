// The options of `serve`.
import { z } from "zod";
import { count } from "../../../options/index.js";
import { predictorOptions } from "../../shared/predictor-options.js";
import { hostOption } from "../../shared/shared-options.js";

export const serveOptions = z.object({
  host: hostOption(),
  port: count(0, 65_535).default(8080).describe("port; 0 for any free port"),
  cors: z
    .array(z.string().regex(/^(\*|https?:\/\/[^/\s]+)$/))
    .default([])
    .describe("origin whose web pages may call the server, such as https://example.org; * for all")
    .meta({ argument: "origin", repeatable: true, defaultText: "none", expected: "* or http(s)://HOST" }),
  maxBatch: count(1, 4096).default(32).describe("largest batch of samples"),
  maxWaitMs: count(0, 10_000).default(2).describe("milliseconds that a sample waits for a batch to fill"),
  queue: count(1, 1_000_000).default(256).describe("maximum number of samples in progress; more get status 503"),
  bodyLimit: z
    .number()
    .min(0.001)
    .max(1000)
    .default(10)
    .describe("largest request, in megabytes")
    .meta({ argument: "MB" }),
  timeout: z
    .number()
    .min(0.1)
    .max(3600)
    .default(30)
    .describe("maximum time in seconds to receive a request, and to respond to it")
    .meta({ argument: "seconds" }),
  ...predictorOptions,
});

export const headings = { maxBatch: "Limits:", threshold: "Model:" };

export type ServeOptions = z.output<typeof serveOptions>;
