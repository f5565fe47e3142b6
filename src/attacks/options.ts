// Options that several attacks share.
import { z } from "zod";
import { count, nonNegative, parseOptions } from "../options/index.js";
import type { Ball } from "./types.js";

/** Of attacks that search more than once. */
export const restarts = (number: number) =>
  count().default(number).describe("random restarts on the samples still classified correctly");

/** Of attacks that take steps of a given length. */
export const stepSize = (length: number) =>
  nonNegative().default(length).describe("length of a step, in the ball's norm");

const ballSchema = z.strictObject({ norm: z.literal(["inf", "2"]), epsilon: nonNegative() });

/** @throws InputError unless the norm is known and the radius is finite and 0 or more. */
export const parseBall = (ball: Ball): Ball => parseOptions(ballSchema, ball);
