// The declaration of a network: name, options with defaults, builder.
import type { z } from "zod";
import { count } from "../options/index.js";
import type { Network } from "./network.js";

/** The sizes that follow from the data and the training method. */
export interface NetworkSize {
  readonly outputs: number;
  readonly channels: number;
  /** Pixels a side; 32 where it is not known. */
  readonly imageSize?: number | undefined;
  /** Size of a sample that is not an image. */
  readonly features?: number | undefined;
}

export interface NetworkDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** The name in recipes. */
  readonly name: string;
  /** One line of help. */
  readonly description: string;
  /** What decays unless the recipe says (default: all). */
  readonly decayOn?: "weights";
  /** Whether gradient checkpointing knows its blocks (default: no). */
  readonly checkpointing?: boolean;
  /** Each with a default, or optional. */
  readonly options: Shape;
  /**
   * The network, its weights drawn from the default random stream.
   * @throws InputError where it cannot take such samples.
   */
  build(size: NetworkSize, options: z.output<z.ZodObject<Shape>>): Network;
}

/** Declares a network, its options typed by their schemas. */
export function defineNetwork<Shape extends z.ZodRawShape>(
  network: NetworkDefinition<Shape>,
): NetworkDefinition<Shape> {
  return network;
}

/** The base width of all networks. */
export const width = () => count().default(64).describe("base width; 64 is the published network");
