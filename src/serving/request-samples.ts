// The samples that a request carries: an image as its body, files of a form, or a list in JSON.
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { decodeImage, whyNotDecoded } from "../data/formats/images/decode-image.js";
import { type PredictorInput, sampleLength, sampleShape } from "../inference/index.js";
import { RequestError } from "./request-error.js";

export interface NamedSample {
  /** Its name in the response. */
  readonly file: string;
  readonly values: Float32Array | Uint8Array;
}

export interface SampleLimits {
  /** In one request. */
  readonly samples: number;
  /** Of all files of a form. */
  readonly bytes: number;
}

interface NamedBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
}

type Images = PredictorInput & { readonly kind: "images" };

/** Pictures of more pixels are refused before they are decoded, however small their files. */
const largestImage = 100_000_000;

const imagesBody = z.strictObject({ images: z.array(z.string()).min(1) });
const featuresBody = z.strictObject({ features: z.array(z.array(z.unknown())).min(1) });

/** @throws RequestError with the status and the reason, for a request without samples that the model takes. */
export async function readSamples(
  request: FastifyRequest,
  input: PredictorInput,
  limits: SampleLimits,
): Promise<NamedSample[]> {
  requireNamedJson(request.body);
  if (input.kind === "features") return limited(featuresOf(request.body, input), limits);
  const images = limited(await imagesOf(request, limits), limits);
  return Promise.all(images.map((image) => decode(image, input)));
}

/** @throws RequestError for JSON that was sent as another type, as by curl of which none is requested. */
function requireNamedJson(body: unknown): void {
  if (!Buffer.isBuffer(body) || body[0] !== "{".charCodeAt(0)) return;
  throw new RequestError(400, "the body is JSON; expected the header content-type: application/json");
}

/** @throws RequestError naming a key beyond the one that holds the samples: whoever sent it expects an effect. */
function requireOnly(key: string, body: unknown): void {
  const others = Object.keys(Object(body)).filter((name) => name !== key);
  if (others.length > 0 && Object.hasOwn(Object(body), key)) throw unknownField(others[0]!);
}

const unknownField = (name: string) =>
  new RequestError(
    400,
    `unknown field "${name}"; the threshold and other settings are those the server was started with`,
  );

function limited<T>(samples: T[], limits: SampleLimits): T[] {
  if (samples.length <= limits.samples) return samples;
  throw new RequestError(413, `${samples.length} samples in one request; expected ${limits.samples} at most`);
}

async function imagesOf(request: FastifyRequest, limits: SampleLimits): Promise<NamedBytes[]> {
  if (request.isMultipart()) return filesOf(request, limits);
  if (Buffer.isBuffer(request.body)) return [{ file: "body", bytes: request.body }];
  const parsed = imagesBody.safeParse(request.body);
  if (parsed.success) {
    return parsed.data.images.map((text, i) => ({ file: `images[${i}]`, bytes: bytesOf(text, `images[${i}]`) }));
  }
  requireOnly("images", request.body);
  throw new RequestError(
    400,
    `no image; expected an image as the body, a form with files, or {"images": ["base64 or data URL"]}`,
  );
}

/** A data URL of base64, as a browser's canvas makes it, or base64 alone. @throws RequestError for another data URL. */
function bytesOf(text: string, name: string): Uint8Array {
  const [, header, data] = /^data:([^,]*),(.*)$/is.exec(text) ?? [];
  if (header === undefined) return Buffer.from(text, "base64");
  if (/;base64$/i.test(header)) return Buffer.from(data as string, "base64");
  throw new RequestError(400, `${name} is a data URL without base64; expected data:image/png;base64,... or base64`);
}

/** @throws RequestError for a form that is cut short or is none, or is too large. */
async function filesOf(request: FastifyRequest, limits: SampleLimits): Promise<NamedBytes[]> {
  try {
    return await readFiles(request, limits);
  } catch (error) {
    if ("statusCode" in (error as Error)) throw error;
    throw new RequestError(400, `the form cannot be read: ${(error as Error).message}`);
  }
}

/** The files of a form, named as they are, or by their field. */
async function readFiles(request: FastifyRequest, limits: SampleLimits): Promise<NamedBytes[]> {
  const files: NamedBytes[] = [];
  let size = 0;
  for await (const part of request.parts({ limits: { files: limits.samples + 1, fileSize: limits.bytes } })) {
    if (part.type === "field") throw unknownField(part.fieldname);
    const bytes = await part.toBuffer();
    size += bytes.length;
    if (size > limits.bytes) throw new RequestError(413, `the files have more than ${limits.bytes} bytes together`);
    files.push({ file: part.filename || part.fieldname, bytes });
  }
  if (files.length === 0) throw new RequestError(400, "the form holds no file; expected one or more images");
  return files;
}

async function decode({ file, bytes }: NamedBytes, shape: Images): Promise<NamedSample> {
  try {
    return { file, values: await decodeImage(bytes, shape, { limitInputPixels: largestImage }) };
  } catch (error) {
    throw new RequestError(400, `${file} cannot be decoded: ${await whyNotDecoded(bytes, error as Error)}`);
  }
}

function featuresOf(body: unknown, input: PredictorInput): NamedSample[] {
  const parsed = featuresBody.safeParse(body);
  if (!parsed.success) requireOnly("features", body);
  if (!parsed.success) throw new RequestError(400, `no features; expected JSON {"features": [[...], ...]}`);
  return parsed.data.features.map((row, i) => {
    const given: unknown[] = row.flat(sampleShape(input).length);
    const values = given.map((value) => (typeof value === "number" ? Math.fround(value) : Number.NaN));
    if (values.length === sampleLength(input) && values.every(Number.isFinite)) {
      return { file: `features[${i}]`, values: Float32Array.from(values) };
    }
    const expected = `expected ${sampleShape(input).join(" x ")} numbers`;
    throw new RequestError(400, `features[${i}] holds ${values.length} values, or what is no number; ${expected}`);
  });
}
