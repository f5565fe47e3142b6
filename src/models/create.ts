// Networks by name.
import { z } from "zod";
import { count, parseOptions } from "../options/index.js";
import type { Network } from "./network.js";
import { type NetworkOptionShapes, networkNamed } from "./registry.js";

const sizes = z.object({
  classes: count(),
  channels: count().default(3),
  imageSize: count().optional(),
  features: count().optional(),
  extraOutputs: count(0).default(0),
});

interface SampleOptions {
  readonly classes: number;
  readonly channels?: number;
  /** Pixels a side (default: 32). */
  readonly imageSize?: number;
  /** Numbers in a sample, for networks on arrays. */
  readonly features?: number;
  /** Additional outputs after the classes: 1 for abstention. */
  readonly extraOutputs?: number;
}

type Intersection<Union> = (Union extends unknown ? (value: Union) => void : never) extends (value: infer All) => void
  ? All
  : never;
type Given<Shape> = Shape extends z.ZodRawShape ? z.input<z.ZodObject<Shape>> : never;

/** The classes and the samples' size, and the network's options: those of the samples may be left out. */
export type ModelOptions = SampleOptions & Readonly<Intersection<Given<NetworkOptionShapes>>>;

/**
 * The named network, with weights drawn from the default random stream.
 * @example createModel("resnet18", { classes: 10, width: 32, imageSize: 32 })
 * @throws InputError for an unknown name, an option that this network does not have or that is out of range, and images too
 * small for the network.
 */
export function createModel(name: string, options: ModelOptions): Network {
  const definition = networkNamed(name);
  const { classes, extraOutputs, ...samples } = parseOptions(sizes, options);
  const given = Object.entries(options).filter(([key, value]) => !(key in sizes.shape) && value !== undefined);
  const network = parseOptions(z.strictObject(definition.options), Object.fromEntries(given), { owner: name });
  return definition.build({ ...samples, outputs: classes + extraOutputs }, network);
}
