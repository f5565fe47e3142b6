// The lines of review.jsonl: what reviewers did, one action each.
import { z } from "zod";

/** The parts of a data set; train and validation count the training data's samples, test those of the test set. */
export const reviewParts = ["train", "validation", "test"] as const;

export type ReviewPart = (typeof reviewParts)[number];

/**
 * right: the given label is right; relabel: it is `label` instead; none: no class fits; ambiguous: several do; later: undecided.
 */
export const verdicts = ["right", "relabel", "none", "ambiguous", "later"] as const;

export type Verdict = (typeof verdicts)[number];

const base = {
  /** Unique in the file; the number of its line where a line has none. */
  id: z.string(),
  reviewer: z.string().min(1).default("me"),
  /** An ISO date. */
  time: z.string().default(""),
};
const sampleNumbers = z.array(z.int().min(0)).min(1).readonly();

/** What the reviewer saw of each of the samples, in their order. */
const shown = z
  .strictObject({
    given: z.array(z.string().nullable()).readonly(),
    suggested: z.array(z.string().nullable()).readonly(),
    /** P(wrong) as it was estimated before any verdict. */
    pWrong: z.array(z.number().nullable()).readonly(),
  })
  .readonly();

const verdictAction = z
  .strictObject({
    ...base,
    kind: z.literal("verdict"),
    part: z.enum(reviewParts).default("train"),
    samples: sampleNumbers,
    verdict: z.enum(verdicts),
    /** The class name for `relabel`; null for other verdicts, and where `labels` has one for each sample. */
    label: z.string().nullable().default(null),
    /** The class name of each sample, in their order, for `relabel`; null where all have the same. */
    labels: z.array(z.string()).min(1).readonly().nullable().default(null),
    /** Seconds from showing the samples to the verdict, for all of them; null where nobody measured. */
    seconds: z.number().min(0).nullable().default(null),
    /** The queue that they were shown in. */
    queue: z.string().default("suspects"),
    /** Whether they were shown again blind: such a verdict measures consistency and changes no decision. */
    again: z.boolean().default(false),
    /** Whether it was given on another run, whose verdicts this one was trained on: `undo` passes over it. */
    carried: z.literal(true).exactOptional(),
    shown: shown.nullable().default(null),
  })
  .readonly()
  .refine(
    ({ verdict, label, labels }) => Number(label !== null) + Number(labels !== null) === Number(verdict === "relabel"),
    {
      path: ["label"],
      error: "expected a class name for relabel, and none for other verdicts",
    },
  )
  .refine(({ samples, labels }) => labels === null || labels.length === samples.length, {
    path: ["labels"],
    error: "expected one for each sample",
  });

/** Takes back one earlier action, be it of one sample or of many. */
const undoAction = z.strictObject({ ...base, kind: z.literal("undo"), undo: z.string() }).readonly();

/** A random audit: its samples are drawn, and their number fixed, before any of them is looked at. */
const auditAction = z
  .strictObject({
    ...base,
    kind: z.literal("audit"),
    part: z.enum(reviewParts).default("train"),
    samples: sampleNumbers,
    /** How many samples without a decision they were drawn from. */
    population: z.int().min(1),
  })
  .readonly();

const anyAction = z.discriminatedUnion("kind", [verdictAction, undoAction, auditAction]);

/** The names of all fields of actions. */
export const actionKeys: readonly string[] = [
  ...new Set([verdictAction, undoAction, auditAction].flatMap((action) => Object.keys(action.unwrap().shape))),
];

export type VerdictAction = z.output<typeof verdictAction>;
export type UndoAction = z.output<typeof undoAction>;
export type AuditAction = z.output<typeof auditAction>;
export type ReviewAction = z.output<typeof anyAction>;

/** An action as a caller gives it: fields with defaults may be left out. */
export type ReviewActionInput = z.input<typeof anyAction>;

/**
 * Checks an action; a line that names no `kind` is a verdict, and `fallbackId` serves one without an `id`.
 * @throws z.ZodError
 */
export function parseAction(value: unknown, fallbackId: string): ReviewAction {
  const given = typeof value === "object" && value !== null ? value : {};
  return anyAction.parse({ id: fallbackId, kind: "verdict", ...given });
}
