// Routes of pictures and of arrays: what a page draws.
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { count } from "../../../options/index.js";
import { RequestError } from "../../../serving/index.js";
import { partName } from "../../api.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { parsed } from "../requests.js";
import { type Picture, pictureOf } from "../samples/picture.js";
import { keepRecent } from "../samples/recent.js";
import { type ReviewContext, sampleOf, withEvidence } from "./review.js";

/** Bytes of encoded pictures that are kept. */
const keptBytes = 48_000_000;
/** Without a size: the original, which is encoded each time. */
const pictureQuery = z.object({
  size: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional(),
  v: z.string().max(100).optional(),
});
const largestSize = count(8, 1024);
const partQuery = z.object({ part: partName.default("train") });

const immutable = "private, max-age=31536000, immutable";

export function pictureRoutes(app: FastifyInstance, context: Pick<ReviewContext, "runs" | "store">): void {
  const recent = keepRecent<Picture>(keptBytes, ({ bytes }) => bytes.length);

  app.get(
    "/api/runs/:run/samples/:part/:sample/image",
    withEvidence(context, async (evidence, request, reply) => {
      const { part, row } = sampleOf(evidence, request);
      const { size: text, v } = parsed(pictureQuery, request.query);
      const size = text === undefined ? undefined : Number(text);
      if (size !== undefined && !largestSize.safeParse(size).success) {
        throw new RequestError(400, `size: received ${size}; expected a whole number from 8 to 1024`);
      }
      const tag = `"${evidence.data}-${size ?? "original"}"`;
      const cached = { etag: tag, "cache-control": v === evidence.data ? immutable : "private, no-cache" };
      if (request.headers["if-none-match"] === tag) return reply.headers(cached).code(304).send();
      const make = () => pictureOf(evidence, part, row, size);
      const key = `${evidence.run} ${evidence.collected} ${part.part} ${row} ${size}`;
      const { type, bytes } = await (size === undefined ? make() : recent.get(key, make));
      return reply.headers(cached).type(type).send(bytes);
    }),
  );

  const array = (name: string, arrayOf: (part: LoadedPart, evidence: Evidence) => Int32Array | Float32Array) =>
    app.get(
      `/api/runs/:run/${name}`,
      withEvidence(context, (evidence, { query }, reply) => {
        const part = evidence.part(parsed(partQuery, query).part);
        return sendArray(reply, part.samples.length, arrayOf(part, evidence));
      }),
    );
  array("labels", ({ given }) => given);
  array("numbers", ({ samples }) => samples);
  array("map", (part, { hasMap }) => {
    if (hasMap) return part.map();
    throw new RequestError(404, "there is no map: umap-js is not installed, or there are fewer than five samples");
  });
}

function sendArray(
  reply: FastifyReply,
  samples: number,
  { buffer, byteOffset, byteLength }: Int32Array | Float32Array,
) {
  reply.header("x-samples", String(samples)).type("application/octet-stream");
  return reply.send(Buffer.from(buffer, byteOffset, byteLength));
}
