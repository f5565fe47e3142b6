// The studio's requests and answers, one schema each, shared by the server and the page.
// `GET /?token=...` gives the page and its cookie; the page then drops the token from its address (history.replaceState).
// Errors have the status 4xx or 500 and the body {"error": "one line"}; 401: the address that the terminal printed is needed.
import { z } from "zod";

// ---- runs

/** stopped: saved before the last epoch and can be resumed; died: its process ended without saving. */
export const runStatus = z.enum(["running", "finished", "stopped", "died"]);

/** A line of the list of runs: read from summary, recipe, lock and the last epoch alone. */
export const runEntry = z.object({
  /** Its folder, relative to the folder of all runs, with slashes: part of the addresses below, percent-encoded. */
  id: z.string(),
  status: runStatus,
  /** sat, ce, ... */
  method: z.string(),
  model: z.string(),
  data: z.string(),
  epoch: z.int(),
  epochs: z.int(),
  testAccuracy: z.number().nullable(),
  /** Milliseconds since 1970. */
  changed: z.number(),
});
/** GET /api/runs: the latest first. */
export const runList = z.object({ runs: z.array(runEntry) });

/** GET /api/runs/:run */
export const runDetails = runEntry.extend({
  /** The resolved recipe, key by key. */
  recipe: z.record(z.string(), z.unknown()),
  /** The figures of summary.json; null before the end. */
  summary: z.record(z.string(), z.unknown()).nullable(),
  classes: z.array(z.string()),
  /** Of the lock, while running. */
  pid: z.int().nullable(),
  host: z.string().nullable(),
  started: z.string().nullable(),
  /** Why this server cannot stop, resume or review it; null where it can. */
  whyNot: z.object({ stop: z.string().nullable(), resume: z.string().nullable(), review: z.string().nullable() }),
  notes: z.array(z.string()),
});

/**
 * GET /api/runs/:run/events, server-sent: `epoch` (a line of metrics.jsonl), `step` (lines of steps.jsonl), `note`, `status`, `machine`,
 * and `noise`, which every connection gets for all epochs.
 * The id of an event is a cursor, the positions in the run's files; a page that reconnects with it, by Last-Event-ID or as ?after=, gets what
 * is after it alone. `reset`, without data: the files were cut off by a resumed run; drop all epochs, steps and notes, they follow again.
 */
export const epochEvent = z.looseObject({ epoch: z.int() });
export const stepEvents = z.array(
  z.object({ epoch: z.int(), step: z.int(), loss: z.number(), imagesPerSecond: z.number() }),
);
/** The estimated fraction of wrong labels, by the predictions of an epoch; null where they do not tell. */
export const noiseEvents = z.array(z.object({ epoch: z.int(), rate: z.number().nullable() }));
export const statusEvent = z.object({
  status: runStatus,
  startEpoch: z.int().nullable(),
  secondsLeft: z.number().nullable(),
});
export const noteEvent = z.object({ level: z.enum(["info", "warning", "error"]), text: z.string() });
export const machineEvent = z.object({
  cpu: z.number(),
  cores: z.int(),
  memoryUsed: z.number(),
  memoryTotal: z.number(),
  diskFree: z.number(),
});

/** GET /api/recipe-form: the recipe's keys as JSON schema, by group, with defaults and descriptions. */
export const recipeForm = z.object({
  /** The methods of `selfadapt pretrain`; the others are those of `train`. */
  pretrains: z.array(z.string()),
  /** `objective`: the method that the group's keys belong to; null for those of every run. */
  groups: z.array(
    z.object({ title: z.string(), objective: z.string().nullable(), schema: z.record(z.string(), z.unknown()) }),
  ),
});
/** POST /api/runs: starts a run that outlives the page. Answers with its id, or 400 with the recipe's own error line. */
export const startRun = z.object({ recipe: z.record(z.string(), z.unknown()).meta({ expected: "an object" }) });
export const startedRun = z.object({ id: z.string() });
/** POST /api/runs/:run/stop, /api/runs/:run/resume: no body; answer `done`. */
export const done = z.object({ message: z.string() });

/** GET /api/compare?runs=a,b (or runs=a&runs=b): keys of the recipes that differ; "" for a key that a recipe does not have. */
export const comparison = z.object({
  runs: z.array(z.string()),
  differences: z.array(z.object({ key: z.string(), values: z.array(z.string()) })),
});

// ---- review

export const partName = z.enum(["train", "validation", "test"]);
export const verdictName = z.enum(["right", "relabel", "none", "ambiguous", "later"]);

/** Where the queue comes from. */
export const queueName = z.enum(["suspects", "conflicts", "leaks", "outliers", "quality", "audit", "map", "all"]);

/** The query of GET /api/runs/:run/queue, or the body of a POST to it, and the filters in the page's address. */
export const queueQuery = z.object({
  part: partName.default("train"),
  queue: queueName.default("suspects"),
  given: z.string().optional(),
  suggested: z.string().optional(),
  /** open: no verdict yet, or later. */
  state: z.enum(["open", "decided", "any"]).default("open"),
  verdict: verdictName.optional(),
  minWrong: z.coerce.number().optional(),
  /** The network disagrees from this epoch on, or an earlier one. */
  disagreesBy: z.coerce.number().int().min(0).optional(),
  search: z.string().optional(),
  reviewer: z.string().default("me"),
  /** For `map`: sample numbers with commas. */
  samples: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** A sample whose place in the queue is requested. */
  at: z.coerce.number().int().min(0).optional(),
});

export const decision = z.object({
  verdict: verdictName,
  label: z.string().nullable(),
  reviewer: z.string(),
  time: z.string(),
});

export const queueItem = z.object({
  sample: z.int(),
  file: z.string().nullable(),
  given: z.string().nullable(),
  suggested: z.string().nullable(),
  pWrong: z.number().nullable(),
  /** What the page's queue is about: "conflicts with 812", "copy of test 40", "dark". */
  reason: z.string().nullable(),
  decision: decision.nullable(),
  /** Shown again blind, for the reviewer's consistency. */
  again: z.boolean(),
});
/** `place`: that of the sample `at`; null without one, and where the queue does not hold it. */
export const queuePage = z.object({ total: z.int(), items: z.array(queueItem), place: z.int().nullable() });

/** The estimated fraction of wrong labels; `unknown`: why it could not be estimated, null where it was. */
export const noiseRate = z.object({
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  unknown: z.string().nullable(),
});

/** GET /api/runs/:run/overview?part=: what the review view needs at first; 202 with {progress, doing} while the evidence is still collected. */
export const overview = z.object({
  parts: z.array(z.object({ name: partName, samples: z.int() })),
  classes: z.array(z.string()),
  noiseRate: noiseRate.nullable(),
  /** Row given class, column suggested class: suspects. */
  pairs: z.array(z.array(z.int())),
  /** `count`: samples that the reviewer has not decided; of suspects those that are more likely wrong than right. */
  queues: z.array(z.object({ name: queueName, title: z.string(), count: z.int(), advice: z.string() })),
  /** What could not be read or searched. */
  notes: z.array(z.string()),
  hasMap: z.boolean(),
  /** Whether the samples are images. */
  hasPictures: z.boolean(),
  /** Of the data: as ?v= of a picture's address it makes the picture immutable for the browser. */
  version: z.string(),
});

const classProbability = z.object({ label: z.string(), probability: z.number() });
const neighbor = z.object({ sample: z.int(), label: z.string(), similarity: z.number() });
/** GET /api/runs/:run/samples/:part/:sample */
export const sampleDetails = queueItem.extend({
  /** Classes by the network's belief, the most probable first. */
  beliefs: z.array(classProbability),
  /** mislabeled, ambiguous, outlier, hard: the guess of `issues`. */
  guess: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  /** The four nearest training images of the given class and of the suggested one. */
  nearestGiven: z.array(neighbor),
  nearestSuggested: z.array(neighbor),
  /** Epoch by epoch: probability and target of the given label (target null without one), and the predicted class. */
  trajectory: z.array(
    z.object({ epoch: z.int(), probability: z.number(), target: z.number().nullable(), predicted: z.string() }),
  ),
  disagreesFrom: z.int().nullable(),
});
/** GET /api/runs/:run/samples/:part/:sample/image?size=160&v=VERSION (webp, at most that side, never enlarged; without size: the original pixels as PNG). */

/** POST /api/runs/:run/verdicts: one action, of one sample or many; answered after it is on the disk. */
export const verdictAction = z.strictObject({
  part: partName,
  samples: z.array(z.int()).min(1),
  verdict: verdictName,
  /** The class for `relabel`: one for all samples, or in `labels` one for each, in their order. */
  label: z.string().optional(),
  labels: z.array(z.string()).optional(),
  reviewer: z.string().default("me"),
  /** Seconds since the item was shown. */
  seconds: z.number().min(0),
  queue: queueName,
  again: z.boolean().default(false),
});
/** POST /api/runs/:run/undo: takes back the reviewer's last action that was not taken back. */
export const undo = z.strictObject({ reviewer: z.string().default("me") });

/** GET /api/runs/:run/stats?part=&reviewer= */
export const reviewStats = z.object({
  decided: z.int(),
  wrongFound: z.int(),
  /** Of the next `items` of the most suspect: expected wrong labels and minutes at the reviewer's pace (null before five verdicts). */
  next: z.object({ items: z.int(), errors: z.number(), minutes: z.number().nullable() }),
  expectedLeft: z.number(),
  /** Errors found after so many verdicts, and predicted before. */
  curve: z.array(z.object({ verdicts: z.int(), found: z.int(), predicted: z.number() })),
  /** Of the verdicts on samples with a P(wrong) of `from` up to `to`: how many say that the label is wrong. */
  precision: z.array(z.object({ from: z.number(), to: z.number(), verdicts: z.int(), wrong: z.int() })),
  /** Items shown twice, and agreed with oneself. */
  consistency: z.object({ again: z.int(), agreed: z.int() }),
  audit: z
    .object({
      drawn: z.int(),
      decided: z.int(),
      wrong: z.int(),
      bound: z.number().nullable(),
      confidence: z.number(),
      corrected: z.number().nullable(),
      text: z.string(),
    })
    .nullable(),
  kappa: z.object({ other: z.string(), both: z.int(), kappa: z.number() }).nullable(),
  undoable: z.boolean(),
  advice: z.string(),
});
/** The answer to both. */
export const saved = z.object({
  action: z.string(),
  /** Of the samples: an undo takes back the last action on whatever part. */
  part: partName,
  decisions: z.record(z.string(), decision.nullable()),
  stats: reviewStats,
});
/** POST /api/runs/:run/audit: fixes the draw of a random audit. */
export const startAudit = z.strictObject({ part: partName, draws: z.int().min(1), reviewer: z.string().default("me") });
/** POST /api/runs/:run/retrain: writes the corrected manifest and starts a run on it. */
export const retrain = z.strictObject({ pinned: z.boolean().default(true), epochs: z.int().optional() });
/** GET /api/runs/:run/before-after?with=<run> */
export const beforeAfter = z.object({
  rows: z.array(
    z.object({
      figure: z.string(),
      unit: z.enum(["fraction", "number"]),
      before: z.number().nullable(),
      after: z.number().nullable(),
    }),
  ),
});
/** GET /api/runs/:run/export?format=csv|manifest|label-studio|fiftyone|metadata: a download. */
/**
 * GET /api/runs/:run/map?part=, .../labels?part=, .../numbers?part=: a row for each sample of the part, in the same order, little-endian.
 * map: float32 x and y, interleaved, scaled to 0..1; labels: int32 class numbers; numbers: int32 sample numbers. X-Samples is their number.
 */

// ---- the same as types, for both sides

export type RunStatus = z.infer<typeof runStatus>;
export type RunEntry = z.infer<typeof runEntry>;
export type RunList = z.infer<typeof runList>;
export type RunDetails = z.infer<typeof runDetails>;
export type EpochEvent = z.infer<typeof epochEvent>;
export type StepEvents = z.infer<typeof stepEvents>;
export type NoisePoint = z.infer<typeof noiseEvents>[number];
export type StatusEvent = z.infer<typeof statusEvent>;
export type NoteEvent = z.infer<typeof noteEvent>;
export type MachineEvent = z.infer<typeof machineEvent>;
export type RecipeForm = z.infer<typeof recipeForm>;
export type StartRun = z.infer<typeof startRun>;
export type StartedRun = z.infer<typeof startedRun>;
export type Done = z.infer<typeof done>;
export type Comparison = z.infer<typeof comparison>;
export type PartName = z.infer<typeof partName>;
export type VerdictName = z.infer<typeof verdictName>;
export type QueueName = z.infer<typeof queueName>;
export type QueueQuery = z.input<typeof queueQuery>;
export type Decision = z.infer<typeof decision>;
export type QueueItem = z.infer<typeof queueItem>;
export type QueuePage = z.infer<typeof queuePage>;
export type Overview = z.infer<typeof overview>;
export type SampleDetails = z.infer<typeof sampleDetails>;
export type VerdictAction = z.input<typeof verdictAction>;
export type Undo = z.input<typeof undo>;
export type StartAudit = z.input<typeof startAudit>;
export type Retrain = z.input<typeof retrain>;
export type ReviewStats = z.infer<typeof reviewStats>;
export type Saved = z.infer<typeof saved>;
export type BeforeAfter = z.infer<typeof beforeAfter>;
