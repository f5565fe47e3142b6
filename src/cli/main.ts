#!/usr/bin/env node
// The command `selfadapt`.
import { runCommand } from "./program.js";
import { surviveLostOutput } from "./shared/lost-output.js";

surviveLostOutput();
// A run that `reproduce` started saves and stops where that command was killed.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

process.exitCode = await runCommand(process.argv.slice(2));
