// MobileNetV3 and EfficientNet in timm's files: torchvision's names are ours.
import { fromStoredTensor, type nn, type StoredTensor, scope, toStoredTensor } from "../../../torch/index.js";
import { type ForeignWeights, type NameRule, renamedBy, reshaped } from "../../network.js";

/** What a block's parts are called, in order: with an expanding convolution, and without. */
const timmParts = {
  inverted: [["conv_pw", "bn1"], ["conv_dw", "bn2"], ["se"], ["conv_pwl", "bn3"]],
  separable: [["conv_dw", "bn1"], ["se"], ["conv_pw", "bn2"]],
} as const;

/** The parts of one block of ours, `features.1.0.block`, as timm calls them. */
function blockRules(theirs: string, ours: string, names: ReadonlySet<string>): NameRule[] {
  const has = (name: string) => names.has(`${ours}.${name}`);
  const last = [3, 2, 1].find((number) => has(`${number}.0.weight`)) as number;
  const squeezes = has(`${last - 1}.fc1.weight`);
  const kind = last - (squeezes ? 1 : 0) === 2 ? "inverted" : "separable";
  const parts = timmParts[kind].filter(([part]) => part !== "se" || squeezes);
  return parts.flatMap((part, number) =>
    part.map((name, at): NameRule => {
      const inner = name === "se" ? "" : `.${at}`;
      return [new RegExp(`^${theirs.replaceAll(".", "\\.")}\\.${name}\\.`), `${ours}.${number}${inner}.`];
    }),
  );
}

export interface MobileLayout {
  /** Where each block of timm's stages is here: `features.3.block` of its `blocks.1.2`. */
  readonly blocks: ReadonlyMap<string, string>;
  readonly others: readonly NameRule[];
  /** timm's epsilon of batch norm less ours (default: 0). */
  readonly epsilonDifference?: number;
}

export function mobileWeights(
  network: nn.Module,
  { blocks, others, epsilonDifference = 0 }: MobileLayout,
): ForeignWeights {
  let rename: ((name: string) => string) | null = null;
  const rules = () => {
    const names = new Set(network.stateDict().keys());
    return [...[...blocks].flatMap(([theirs, ours]) => blockRules(theirs, ours, names)), ...others, ...squeezeRules];
  };
  return {
    parts: [],
    rename(name) {
      rename ??= renamedBy(rules());
      return rename(name);
    },
    fit(name, stored, theirs) {
      if (epsilonDifference !== 0 && name !== theirs && name.endsWith(".running_var"))
        return raised(stored, epsilonDifference);
      const shape = network.stateDict().get(name)?.shape;
      return shape !== undefined && pointwise(stored.shape, shape) ? reshaped(stored, shape) : stored;
    },
  };
}

/** Variances v with v + our epsilon = theirs + their epsilon: batch norm divides by the same number. */
const raised = (variances: StoredTensor, difference: number): StoredTensor =>
  scope(() => toStoredTensor(fromStoredTensor(variances).to("float32").add(difference)));

const squeezeRules: readonly NameRule[] = [
  [/\.conv_reduce\./, ".fc1."],
  [/\.conv_expand\./, ".fc2."],
];

/** Whether one is a linear layer's weight and the other that of a 1 x 1 convolution, which is the same. */
function pointwise(theirs: readonly number[], ours: readonly number[]): boolean {
  const squeezed = (shape: readonly number[]) => shape.filter((side, i) => i < 2 || side !== 1).join();
  return squeezed(theirs) === squeezed(ours);
}
