// `selfadapt doctor`: the hardware and libtorch of this machine, with advice.
import type { Command } from "commander";
import { z } from "zod";
import { addOptions, readOptions } from "../../shared/options.js";
import { deviceOption, sharedOptions, unusedSeed } from "../../shared/shared-options.js";

const schema = z.object({ device: deviceOption(), seed: unusedSeed(), ...sharedOptions });

export function defineDoctor(command: Command): void {
  addOptions(command, schema)
    .addHelpText("after", "\nExamples:\n  selfadapt doctor\n  selfadapt doctor --json")
    .action(async (flags: object) => {
      const { device, threads, json } = readOptions(schema, flags);
      const { diagnose, diagnosisLines } = await import("./diagnosis.js");
      const diagnosis = diagnose({ device, threads });
      const { printResult } = await import("../../shared/output.js");
      printResult(json, diagnosis, diagnosisLines(diagnosis));
    });
}
