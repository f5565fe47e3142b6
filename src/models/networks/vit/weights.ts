// Vision transformers in the files of timm, DINOv2, torchvision and OpenAI's CLIP: timm's names are ours.
import { fromStoredTensor, ops, type StoredTensor, scope, type Tensor, toStoredTensor } from "../../../torch/index.js";
import { type ForeignWeights, type NameRule, renamedBy, reshaped } from "../../network.js";
import { gridSide, type ResizeForm, resizePositions } from "./positions.js";

const torchvision: readonly NameRule[] = [
  [/^class_token$/, "cls_token"],
  [/^encoder\.pos_embedding$/, "pos_embed"],
  [/^conv_proj\./, "patch_embed.proj."],
  [/^encoder\.layers\.encoder_layer_(\d+)\./, "blocks.$1."],
  [/^encoder\.ln\./, "norm."],
  [/^heads\.head\./, "head."],
];
const clip: readonly NameRule[] = [
  [/^class_embedding$/, "cls_token"],
  [/^positional_embedding$/, "pos_embed"],
  [/^conv1\./, "patch_embed.proj."],
  [/^ln_pre\./, "norm_pre."],
  [/^transformer\.resblocks\.(\d+)\./, "blocks.$1."],
  [/^ln_post\./, "norm."],
];
/** Inside of a block; published files of torchvision have `mlp.linear_1` and `mlp.linear_2`, later ones `mlp.0` and `mlp.3`. */
const inBlocks: readonly NameRule[] = [
  [/\.ln_([12])\./, ".norm$1."],
  [/\.(?:self_attention|attn)\.in_proj_(weight|bias)$/, ".attn.qkv.$1"],
  [/\.(?:self_attention|attn)\.out_proj\./, ".attn.proj."],
  [/\.mlp\.(?:linear_1|0|c_fc)\./, ".mlp.fc1."],
  [/\.mlp\.(?:linear_2|3|c_proj)\./, ".mlp.fc2."],
];
const rules: readonly NameRule[] = [...torchvision, ...clip, [/^reg_token$/, "register_tokens"], ...inBlocks];

/** The names and shapes of a network with these tensors; its position embedding is resized in this form. */
export function vitWeights(
  { cls_token, pos_embed }: { readonly cls_token: Tensor; readonly pos_embed: Tensor },
  form: ResizeForm,
): ForeignWeights {
  return {
    parts: ["register_tokens", "norm_pre"],
    rename: renamedBy(rules),
    fit(name, stored, theirs) {
      // CLIP's embeddings have no dimension of one.
      if (name === "cls_token") return reshaped(stored, cls_token.shape);
      if (name !== "pos_embed") return stored;
      return fitPositions(stored, pos_embed.shape, theirs === "encoder.pos_embedding" ? "torchvision" : form);
    },
  };
}

/**
 * In float64, so that nothing is lost. Where the file has no position for the class token, it is zero. An embedding that is
 * of no square grid stays, to be refused.
 */
function fitPositions(stored: StoredTensor, shape: readonly number[], form: ResizeForm): StoredTensor {
  const [count = 0, dimension = 0] = stored.shape.slice(-2);
  const [, target = 0] = shape;
  if (count === target) return reshaped(stored, shape);
  const withoutClass = Number.isInteger(Math.sqrt(count));
  if (!withoutClass && !Number.isInteger(gridSide(count))) return stored;
  return scope(() => {
    const given = fromStoredTensor(stored).to("float64").reshape([1, count, dimension]);
    const all = withoutClass ? ops.constantPadNd(given, [0, 0, 1, 0]) : given;
    const side = gridSide(target);
    return toStoredTensor(resizePositions(all, [side, side], form));
  });
}
