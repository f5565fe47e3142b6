// What all ranks must have in common before the first step.
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { InputError } from "../../errors.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";
import { distributed, libtorchVersion, type Tensor } from "../../torch/index.js";
import { version } from "../../version.js";
import type { Session } from "../session/session.js";

type Agreeing = Pick<Session, "kernels" | "objective" | "ownedState">;
type Facts = Readonly<Record<string, string>>;

/**
 * Compares what determines the numbers of a run: versions, kernels, recipe, data, position. Every rank comes to the same answer.
 * @throws InputError naming the first difference and its ranks, or what the ranks cannot do together.
 */
export async function requireAgreement(
  group: distributed.ProcessGroup,
  prepared: Prepared,
  session: Agreeing,
  { epoch, step }: Progress,
): Promise<void> {
  if (group.world === 1) return;
  requireShareable(prepared, session);
  const { data: _, ...recipe } = prepared.recipe;
  const own: Facts = {
    selfadapt: version,
    libtorch: libtorchVersion(),
    kernels: session.kernels,
    recipe: createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 12),
    data: prepared.fingerprint,
    labels: prepared.labelsFingerprint,
    position: `epoch ${epoch}, step ${step}`,
  };
  const texts = await distributed.gatherTexts(group, JSON.stringify({ ...own, host: hostname() }));
  const all = texts.map((text) => JSON.parse(text) as Facts);
  const [first] = all as [Facts];
  for (const [rank, facts] of all.entries()) {
    const name = Object.keys(own).find((fact) => facts[fact] !== first[fact]);
    if (name === undefined) continue;
    throw new InputError(
      `ranks differ in ${name}: rank 0 (${first.host}) has ${first[name]}, rank ${rank} (${facts.host}) has ${facts[name]}; expected the same`,
    );
  }
}

function requireShareable({ recipe, train }: Prepared, { objective, ownedState }: Omit<Agreeing, "kernels">): void {
  const isRows = (kept: Tensor) => kept.shape[0] === train.labels.length || ownedState?.owns(kept);
  const hasRows = [...objective.state().values()].some(isRows);
  if (recipe.sampling !== "balanced" || !hasRows) return;
  throw new InputError(
    `several processes do not share \`sampling: balanced\` with ${objective.name}: a target would move in two of them at once; expected a method without targets, or \`classWeights: balanced\``,
  );
}
