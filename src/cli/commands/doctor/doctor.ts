// `selfadapt doctor`: what this machine has, what is made of it, and what would make it better.
import type { Command } from "commander";
import { addSharedOptions, type SharedOptions } from "../../shared/shared-options.js";

export function defineDoctor(command: Command): void {
  command
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; this one draws nothing at random");
  addSharedOptions(command)
    .addHelpText("after", "\nExamples:\n  selfadapt doctor\n  selfadapt doctor --json")
    .action(async ({ json, threads, device }: SharedOptions & { device: string }) => {
      const { diagnose, diagnosisLines } = await import("./diagnosis.js");
      const diagnosis = diagnose({ device, threads });
      const { printResult } = await import("../../shared/output.js");
      printResult(json, diagnosis, diagnosisLines(diagnosis));
    });
}
