// What all ranks must have in common before the first step.
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { InputError } from "../../errors.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";
import { type distributed, libtorchVersion } from "../../torch/index.js";
import { version } from "../../version.js";
import type { Session } from "../session/session.js";

type Facts = Readonly<Record<string, string>>;

/** How many runs this process has agreed on: facts of the run before are not read again. */
let agreements = 0;

/**
 * Compares what determines the numbers of a run: versions, kernels, recipe, data, position. Every rank comes to the same answer.
 * @throws InputError naming the first difference and its ranks, or what the ranks cannot do together.
 */
export async function requireAgreement(
  group: distributed.ProcessGroup,
  prepared: Prepared,
  session: Pick<Session, "kernels">,
  { epoch, step }: Progress,
): Promise<void> {
  if (group.world === 1) return;
  requireShareable(prepared);
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
  const run = agreements++;
  const key = (rank: number) => `selfadapt/facts/${run}/${rank}`;
  group.store.set(key(group.rank), JSON.stringify({ ...own, host: hostname() }));
  const all = Array.from({ length: group.world }, (_, rank) => JSON.parse(group.store.get(key(rank))) as Facts);
  const [first] = all as [Facts];
  for (const [rank, facts] of all.entries()) {
    const name = Object.keys(own).find((fact) => facts[fact] !== first[fact]);
    if (name === undefined) continue;
    throw new InputError(
      `ranks differ in ${name}: rank 0 (${first.host}) has ${first[name]}, rank ${rank} (${facts.host}) has ${facts[name]}; expected the same`,
    );
  }
  await group.barrier();
}

function requireShareable({ recipe }: Prepared): void {
  if (recipe.sampling === "balanced") {
    throw new InputError(
      "several processes do not share `sampling: balanced`, which visits a sample several times an epoch; `classWeights: balanced` has a like effect",
    );
  }
  if (recipe.objective === "moco") {
    throw new InputError("several processes do not share the queue of moco; expected another method, such as simclr");
  }
}
