// `selfadapt convert`: weights of other libraries under this package's names.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { convertOptions } from "./convert-options.js";

const examples = `
Examples:
  selfadapt convert dinov2_vits14_pretrain.pth --model vit-s-14-dinov2 --out dinov2.safetensors
  selfadapt convert model.safetensors --model convnext-tiny --out convnext.safetensors`;

export function defineConvert(command: Command): void {
  addOptions(command.argument("<weights>", "safetensors or PyTorch file"), convertOptions)
    .addHelpText("after", examples)
    .action(async (weights: string, flags: object) => {
      const options = readOptions(convertOptions, flags);
      await (await import("./convert-run.js")).runConvert(weights, options);
    });
}
