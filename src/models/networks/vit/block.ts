// A block of a vision transformer.
import { nn, type Tensor } from "../../../torch/index.js";
import { scopeUnlessRecording } from "../../../torch/recorder.js";
import { LayerScale, Mlp, smallInit } from "../smooth-layers.js";

export interface BlockOptions {
  readonly dimension: number;
  readonly heads: number;
  readonly mlpRatio: number;
  readonly gelu: nn.GeluForm;
  readonly layerNormEps: number;
  /** The initial factors of both branches; null without factors. */
  readonly layerScale: number | null;
  readonly dropPath: number;
}

/** x + ls1(attn(norm1(x))), then x + ls2(mlp(norm2(x))), of tokens (n, tokens, dimension). */
export class TransformerBlock extends nn.Module {
  readonly norm1: nn.LayerNorm;
  readonly attn: nn.Attention;
  readonly ls1: nn.Module;
  readonly norm2: nn.LayerNorm;
  readonly mlp: Mlp;
  readonly ls2: nn.Module;
  readonly dropPath: nn.DropPath;

  constructor({ dimension, heads, mlpRatio, gelu, layerNormEps: eps, layerScale, dropPath }: BlockOptions) {
    super();
    const scale = () => (layerScale === null ? new nn.Identity() : new LayerScale(dimension, layerScale));
    this.norm1 = new nn.LayerNorm(dimension, { eps });
    this.attn = new nn.Attention(dimension, heads, smallInit);
    this.ls1 = scale();
    this.norm2 = new nn.LayerNorm(dimension, { eps });
    this.mlp = new Mlp(dimension, Math.round(dimension * mlpRatio), gelu);
    this.ls2 = scale();
    this.dropPath = new nn.DropPath(dropPath);
  }

  override forward(tokens: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const attended = this.ls1.forward(this.attn.forward(this.norm1.forward(tokens)));
      const mixed = tokens.add(this.dropPath.forward(attended));
      const mapped = this.ls2.forward(this.mlp.forward(this.norm2.forward(mixed)));
      return mixed.add(this.dropPath.forward(mapped));
    });
  }
}
