// The kinds of issues, in the order of the summary.
import { didYouMean, InputError } from "../../errors.js";
import type { IssueKind } from "./define-kind.js";
import { duplicate } from "./duplicate.js";
import { group } from "./group.js";
import { image } from "./image.js";
import { imbalance } from "./imbalance.js";
import { leakage } from "./leakage.js";
import { order } from "./order.js";
import { outlier } from "./outlier.js";
import { spurious } from "./spurious.js";

export const issueKinds: readonly IssueKind[] = [duplicate, leakage, outlier, image, imbalance, group, spurious, order];

/** Wrong labels, which are ranked whatever kinds are requested. */
const labels = "label";

/** The kinds besides wrong labels, by name; a custom kind stands for itself. @throws InputError for an unknown name. */
export function kindsOf(types: readonly (string | IssueKind)[]): IssueKind[] {
  const others = [...new Set(types)].filter((type) => type !== labels);
  return others.map((type) => (typeof type === "string" ? kindNamed(type) : type));
}

function kindNamed(name: string): IssueKind {
  const kind = issueKinds.find((known) => known.name === name);
  if (kind !== undefined) return kind;
  const names = [labels, ...issueKinds.map((known) => known.name)];
  throw new InputError(
    `unknown kind of issue "${name}"; expected one of ${names.join(", ")}${didYouMean(name, names)}`,
  );
}
