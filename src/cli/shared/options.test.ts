import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { count, path, ratio } from "../../options/index.js";
import { addOptions, readOptions } from "./options.js";
import { deviceOption, sharedOptions } from "./shared-options.js";

const schema = z.object({
  data: path().describe("evaluation data"),
  epsilons: z
    .array(ratio(z.number().min(0)))
    .optional()
    .describe("radii"),
  norm: z.enum(["inf", "2"]).default("inf").describe("norm of a change").meta({ argument: "inf|2" }),
  stepSize: z.number().optional().describe("size of a step").meta({ defaultText: "a tenth of epsilon" }),
  topK: count().default(5).describe("rows"),
  precision: z.enum(["automatic", "float32", "bfloat16", "float64"]).optional().describe("element type"),
  drop: z
    .union([z.literal(true), z.number()])
    .optional()
    .describe("leave out")
    .meta({ argument: "[score]" }),
  device: deviceOption(),
  ...sharedOptions,
});

function commandOf() {
  const command = addOptions(new Command("attack"), schema, { epsilons: "Curves:" }).exitOverride();
  return command.configureOutput({ writeErr: () => {} });
}

const read = (...words: string[]) => {
  const command = commandOf();
  command.parse(words, { from: "user" });
  return readOptions(schema, command.opts());
};

describe("the flags of a command", () => {
  it("are described with their values and defaults from the schema", () => {
    const help = commandOf().helpInformation().replace(/\s+/g, " ");
    expect(help).toContain("--data <path> evaluation data");
    expect(help).toContain("Curves: --epsilons <a,b,...> radii");
    expect(help).toContain("--norm <inf|2> norm of a change (default: inf)");
    expect(help).toContain("--step-size <x> size of a step (default: a tenth of epsilon)");
    expect(help).toContain("--top-k <n> rows (default: 5)");
    expect(help).toContain("--precision <name> element type: automatic, float32, bfloat16, float64");
    expect(help).toContain("--drop [score] leave out");
    expect(help).toContain("--device <name> auto, cpu, cuda or cuda:N (default: auto)");
    expect(help).toContain("--threads <n> CPU threads (default: all cores)");
    expect(help).toContain("--json print one JSON object on stdout; logs go to stderr");
  });

  it("become values of the schema's types", () => {
    expect(read("--data", "7", "--epsilons", "0,8/255", "--norm", "2", "--drop", "0.5", "--json")).toEqual({
      data: "7",
      epsilons: [0, 8 / 255],
      norm: "2",
      topK: 5,
      drop: 0.5,
      device: "auto",
      json: true,
    });
    expect(read("--data", "x", "--drop").drop).toBe(true);
  });

  it("are refused by the option's name, with what was typed", () => {
    expect(() => read("--data", "x", "--top-k", "0")).toThrow('`topK`: received "0"; expected a whole number');
    expect(() => read("--data", "x", "--epsilons", "1,8/0")).toThrow('`epsilons`: received "8/0"; expected a number');
    expect(() => read("--data", "x", "--topk", "1")).toThrow("Did you mean --top-k?");
    expect(() => read()).toThrow("required option '--data <path>' not specified");
  });
});
