// Finds the stopped attack to resume, and checks that its settings, data and weights are unchanged.
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { attackFolders, isStopped, readAttack } from "./folder.js";
import type { AttackChoices, AttackSettings } from "./settings.js";
import type { AttackJob } from "./state.js";

interface Stopped {
  readonly folder: string;
  readonly job: AttackJob;
}

/**
 * The stopped attack of a run, or in `out`, that matches all given settings; null when the run has none with any
 * settings, and one that is finished may be meant.
 * @throws InputError when none matches, naming what differs, and when several match.
 */
export function findStopped(
  run: string,
  { out, ...choices }: AttackChoices & { readonly out?: string | undefined },
): Stopped | null {
  const folders = out === undefined ? attackFolders(run) : [out];
  const stopped = folders.filter(isStopped).map((folder) => ({ folder, job: readAttack(folder).job }));
  const fitting = stopped.filter(({ job }) => difference(job.settings, choices) === null);
  if (fitting.length === 1) return fitting[0] as Stopped;
  if (fitting.length > 1) {
    const names = fitting.map(({ folder }) => folder).join(", ");
    throw new InputError(
      `${option("resume")}: ${fitting.length} attacks were stopped here; choose one by ${option("out")}: ${names}`,
    );
  }
  const [nearest] = stopped;
  if (nearest === undefined) return null;
  const other = difference(nearest.job.settings, choices) as keyof AttackSettings;
  const is = JSON.stringify(nearest.job.settings[other]);
  throw new InputError(
    `${option("resume")} uses the settings of the attack in ${nearest.folder}, which has ${other} ${is}; received ${JSON.stringify(named(choices)[other])}`,
  );
}

/** The choices, with the attack's name in place of the attacks. */
function named({ attack, ...choices }: AttackChoices): Partial<Record<keyof AttackSettings, unknown>> {
  const name = typeof attack === "object" ? attack.map((one) => one.name).join("+") : attack;
  return { ...choices, ...(name !== undefined && { attack: name }) };
}

/** The first setting that differs. */
function difference(settings: AttackSettings, choices: AttackChoices): keyof AttackSettings | null {
  const given = named(choices);
  const keys = Object.keys(settings) as (keyof AttackSettings)[];
  return keys.find((key) => given[key] !== undefined && given[key] !== settings[key]) ?? null;
}

/** @throws InputError where a stopped attack was on other data, other weights, or by other settings. */
export function requireSameJob(folder: string, was: AttackJob, is: AttackJob): void {
  const refuse = (what: string, before: unknown, now: unknown) => {
    throw new InputError(
      `${option("resume")}: ${what}: received ${now}; the attack in ${folder} was started with ${before}`,
    );
  };
  if (was.data !== is.data) refuse("the data's fingerprint", was.data, is.data);
  if (was.weights !== is.weights) refuse("the weights' fingerprint", was.weights, is.weights);
  if (isDeepStrictEqual(was.settings, is.settings)) return;
  refuse("the settings", JSON.stringify(was.settings), JSON.stringify(is.settings));
}
