import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { readTimmConfig } from "./timm-config.js";

const folder = temporaryFolder();

const config = (architecture: string, size = [3, 224, 224]) => ({
  architecture,
  num_classes: 1000,
  pretrained_cfg: { mean: [0.5, 0.5, 0.5], std: [0.4, 0.4, 0.4], input_size: size, crop_pct: 0.9 },
});

let made = 0;
function weightsBeside(contents: string): string {
  const home = folder(`config-${made++}`, { "model.safetensors": "weights", "config.json": contents });
  return join(home, "model.safetensors");
}

describe("timm's config.json beside weights", () => {
  test.each([
    ["vit_small_patch14_dinov2", "vit-s-14-dinov2"],
    ["vit_small_patch14_reg4_dinov2", "vit-s-14-dinov2-reg"],
    ["vit_base_patch16_clip_quickgelu_224", "vit-b-16-clip"],
    ["vit_base_patch16_224", "vit-b-16"],
    ["vit_small_patch16_384", "vit-s-16"],
    ["convnext_tiny", "convnext-tiny"],
    ["mobilenetv3_small_100", "mobilenet-v3-small"],
    ["efficientnet_b0", "efficientnet-b0"],
    ["resnet34", "resnet34"],
    ["resnet50d", null],
  ])("names the network: %s is %s here", async (architecture, model) => {
    const found = await readTimmConfig(weightsBeside(JSON.stringify(config(architecture))));
    expect(found).toMatchObject({ model, imageSize: 224, mean: [0.5, 0.5, 0.5], std: [0.4, 0.4, 0.4] });
  });

  test("of images that are not square has no size", async () => {
    expect(await readTimmConfig(weightsBeside(JSON.stringify(config("resnet18", [3, 64, 32]))))).toMatchObject({
      imageSize: null,
    });
  });

  test("is passed over where it is missing, or another tool's", async () => {
    const home = folder("none");
    writeFileSync(join(home, "model.safetensors"), "weights");
    expect(await readTimmConfig(join(home, "model.safetensors"))).toBeNull();
    expect(await readTimmConfig(weightsBeside('{"model_type": "vit"}'))).toBeNull();
    expect(await readTimmConfig(weightsBeside("{"))).toBeNull();
    expect(await readTimmConfig(home)).toBeNull();
  });

  test("with values of another kind is refused", async () => {
    const wrong = { ...config("resnet18"), pretrained_cfg: { mean: "0.5" } };
    await expect(readTimmConfig(weightsBeside(JSON.stringify(wrong)))).rejects.toThrow(
      /config\.json: pretrained_cfg\.mean: expected timm's/,
    );
  });
});
