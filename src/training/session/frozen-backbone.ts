// Training of the last layers alone: the backbone in evaluation mode, without gradients.
import { InputError } from "../../errors.js";
import { methodNamed } from "../../methods/index.js";
import { isOnnxName, type Network } from "../../models/index.js";
import { option } from "../../options/index.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";
import { nn, noGrad, type Tensor } from "../../torch/index.js";

type FreezeRecipe = Pick<ResolvedRecipe, "freeze" | "objective" | "model">;

/** @throws InputError for methods that need gradients of the backbone, and networks without a classifier. */
export function requireFreezable({ freeze, objective, model }: FreezeRecipe, { head }: Pick<Network, "head">): void {
  if (freeze === "none") return;
  const { family } = methodNamed(objective);
  if (family !== "supervised") {
    const frozen = isOnnxName(model) ? option("model", model) : option("freeze", String(freeze));
    throw new InputError(
      `${frozen} trains a classifier on features; ${option("objective", objective)} trains the backbone itself`,
    );
  }
  if (head === "") {
    throw new InputError(`${option("freeze", String(freeze))} needs a network with \`embed\` and \`classify\``);
  }
}

/** Whether the backbone is frozen in an epoch. */
export const isFrozen = (freeze: FreezeRecipe["freeze"], epoch: number) =>
  freeze === "backbone" || (typeof freeze === "number" && epoch < freeze);

/** What of a network comes before its classifier: its modules and parameters, by name. */
function isBackbone(name: string, network: Network & { readonly network?: Network }): boolean {
  const heads = network.network === undefined ? "" : "network.";
  return name.startsWith(heads) && name !== network.head && !name.startsWith(`${network.head}.`);
}

/** Takes the gradients of a backbone that is never trained. */
export function freezeParameters(network: Network): void {
  for (const [name, parameter] of network.namedParameters()) {
    if (isBackbone(name, network)) parameter.requiresGrad = false;
  }
}

/**
 * A network under the same names whose backbone is frozen while `frozen` says so; with `onFeatures` it is given features in
 * place of samples, and never runs the backbone.
 */
export class FreezableNetwork extends nn.Module implements Network {
  readonly #network: Network;
  readonly #frozen: () => boolean;
  readonly #onFeatures: boolean;

  constructor(network: Network, frozen: () => boolean, onFeatures: boolean) {
    super();
    this.#network = network;
    this.#frozen = frozen;
    this.#onFeatures = onFeatures;
  }

  get head(): string {
    return this.#network.head;
  }

  get embeddingSize(): number {
    return this.#network.embeddingSize;
  }

  get layerPattern(): RegExp | undefined {
    return this.#network.layerPattern;
  }

  override get training(): boolean {
    return this.#network.training;
  }

  override *namedModules(prefix = ""): Generator<[string, nn.Module]> {
    yield* this.#network.namedModules(prefix);
  }

  override train(training = true): this {
    this.#network.train(training);
    if (!training || !this.#frozen()) return this;
    // Batch norm and dropout of the backbone stay as in evaluation; the network itself says that it trains.
    for (const [name, module] of this.#network.namedModules()) {
      if (name !== "" && isBackbone(name, this.#network) && !this.#network.head.startsWith(`${name}.`)) module.eval();
    }
    return this;
  }

  embed(input: Tensor): Tensor {
    if (this.#onFeatures) return input;
    return this.#frozen() ? noGrad(() => this.#network.embed(input)) : this.#network.embed(input);
  }

  classify(features: Tensor): Tensor {
    return this.#network.classify(features);
  }

  override forward(input: Tensor): Tensor {
    return this.classify(this.embed(input));
  }
}
