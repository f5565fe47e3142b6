// The options of commands that several processes can share.
import { z } from "zod";
import { count } from "../../options/index.js";

export const rankOptions = {
  nproc: count(1, 1024)
    .optional()
    .describe("processes on this machine, which share the work")
    .meta({ defaultText: "1" }),
  rankTimeout: z
    .number()
    .positive()
    .default(300)
    .describe("seconds to wait for another process before all processes are stopped"),
};
