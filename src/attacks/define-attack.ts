// The declaration of an attack: name, options with defaults, builder.
import { z } from "zod";
import { count, parseOptions } from "../options/index.js";
import { parseBall } from "./options.js";
import type { Attack, Ball, NetworkAccess } from "./types.js";

type Values<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** The options of every attack. */
export interface CommonOptions {
  readonly ball: Ball;
  /** 0 by default; attacks that draw nothing ignore it. */
  readonly seed?: number;
}

/** An attack by name, or several that are tried one after the other. */
export interface AttackDefinition {
  /** The name in commands and results. */
  readonly name: string;
  /** The name in reports. */
  readonly title: string;
  /** One line of help. */
  readonly description: string;
  readonly access: NetworkAccess;
  /** Its options by name, each with a default; that of a step size depends on the radius. */
  options(ball: Ball): z.ZodRawShape;
  /** The attacks on a network of so many classes, in their order. @throws InputError for an option out of range. */
  attacks(options: CommonOptions & Readonly<Record<string, unknown>>, classes: number): readonly Attack[];
}

interface Declaration<Shape extends z.ZodRawShape> extends Omit<AttackDefinition, "attacks" | "options"> {
  options(ball: Ball): Shape;
  perturb(options: Values<Shape> & Required<CommonOptions>): Attack["perturb"];
}

/** The arguments of an attack's factory. */
export type AttackOptions<Shape extends z.ZodRawShape> = CommonOptions &
  (keyof Shape extends never ? unknown : Readonly<z.input<z.ZodObject<Shape>>>);

export interface SingleAttack<Shape extends z.ZodRawShape> extends AttackDefinition {
  options(ball: Ball): Shape;
  /** @throws InputError for an unknown option, or one out of range. */
  create(options: AttackOptions<Shape>): Attack;
}

const seed = count(0).default(0);

/** Declares one attack. */
export function defineAttack<Shape extends z.ZodRawShape>(declaration: Declaration<Shape>): SingleAttack<Shape> {
  const { name, access, options, perturb } = declaration;
  function create({ ball: given, ...others }: CommonOptions): Attack {
    const ball = parseBall(given);
    const parsed = parseOptions(z.strictObject({ seed, ...options(ball) }), others, { owner: name });
    return { name, access, perturb: perturb({ ...parsed, ball } as Values<Shape> & Required<CommonOptions>) };
  }
  return { ...declaration, create, attacks: (given) => [create(given)] };
}
