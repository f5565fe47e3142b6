// Vision transformers: a grid of patches and a class token through blocks of attention.
import { nn, ops, type Tensor } from "../../../torch/index.js";
import { scopeUnlessRecording } from "../../../torch/recorder.js";
import type { ForeignWeights, Network } from "../../network.js";
import { Blocks, dropPathRates, linear } from "../smooth-layers.js";
import { type BlockOptions, TransformerBlock } from "./block.js";
import { type ResizeForm, resizePositions } from "./positions.js";
import { vitWeights } from "./weights.js";

export interface VitOptions extends BlockOptions {
  readonly outputs: number;
  readonly channels: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly depth: number;
  /** Whether the embedded tokens are normalized before the first block. */
  readonly preNorm: boolean;
  readonly registers: number;
  readonly resize: ResizeForm;
}

class PatchEmbedding extends nn.Module {
  readonly proj: nn.Conv2d;

  constructor(channels: number, dimension: number, patchSize: number, bias: boolean) {
    super();
    this.proj = new nn.Conv2d(channels, dimension, patchSize, { stride: patchSize, bias });
  }

  override forward(images: Tensor): Tensor {
    return this.proj.forward(images);
  }
}

/**
 * Patches of images (n, channels, height, width), their sides multiples of the patch's, embedded linearly; a class token before
 * them and registers after it; position embeddings, of which registers have none; blocks; the class token, normalized; a linear
 * layer. Of images of another size than the network's the position embeddings are resized.
 */
export class VisionTransformer extends nn.Module implements Network {
  readonly head = "head";
  readonly embeddingSize: number;
  readonly foreign: ForeignWeights;
  readonly #token: Tensor;
  readonly #positions: Tensor;
  readonly #registers: Tensor | null;
  readonly #resize: ResizeForm;
  readonly #layers: {
    readonly patch_embed: PatchEmbedding;
    readonly norm_pre: nn.LayerNorm | nn.Identity;
    readonly blocks: Blocks;
    readonly norm: nn.LayerNorm;
    readonly head: nn.Linear;
  };

  constructor(options: VitOptions) {
    super();
    const { dimension, channels, imageSize, patchSize, preNorm, registers, layerNormEps: eps, resize } = options;
    this.embeddingSize = dimension;
    const patches = Math.floor(imageSize / patchSize) ** 2;
    this.#token = this.parameter("cls_token", nn.normal(1e-6)([1, 1, dimension]));
    this.#positions = this.parameter("pos_embed", nn.normal(0.02)([1, 1 + patches, dimension]));
    this.#registers =
      registers === 0 ? null : this.parameter("register_tokens", nn.normal(1e-6)([1, registers, dimension]));
    this.#resize = resize;
    this.foreign = vitWeights({ cls_token: this.#token, pos_embed: this.#positions }, resize);
    const rates = dropPathRates(options.depth, options.dropPath);
    this.#layers = {
      // The norm before the blocks has a bias of its own.
      patch_embed: new PatchEmbedding(channels, dimension, patchSize, !preNorm),
      norm_pre: preNorm ? new nn.LayerNorm(dimension, { eps }) : new nn.Identity(),
      blocks: new Blocks(...rates.map((dropPath) => new TransformerBlock({ ...options, dropPath }))),
      norm: new nn.LayerNorm(dimension, { eps }),
      head: linear(dimension, options.outputs),
    };
  }

  override *children(): Generator<[string, nn.Module]> {
    yield* Object.entries(this.#layers);
  }

  embed(input: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const { norm_pre, blocks, norm } = this.#layers;
      const tokens = blocks.forward(norm_pre.forward(this.#tokens(input)));
      return norm.forward(tokens.select(1, 0));
    });
  }

  /** A row of zeros is put before the patches for each other token, and all that does not depend on the images is added. */
  #tokens(input: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const patches = this.#layers.patch_embed.forward(input);
      const [, , height = 0, width = 0] = patches.shape;
      const registers = this.#registers === null ? 0 : (this.#registers.shape[1] as number);
      const rows = ops.constantPadNd(patches.flatten({ startDim: 2 }).transpose(1, 2), [0, 0, 1 + registers, 0]);
      return rows.add(this.#added([height, width]));
    });
  }

  #added(grid: readonly [number, number]): Tensor {
    const positions = resizePositions(this.#positions, grid, this.#resize);
    const patches = positions.narrow(1, 1, grid[0] * grid[1]);
    const token = this.#token.add(positions.narrow(1, 0, 1));
    return ops.cat([token, ...(this.#registers === null ? [] : [this.#registers]), patches], { dim: 1 });
  }

  classify(features: Tensor): Tensor {
    return this.#layers.head.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}
