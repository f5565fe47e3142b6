#!/usr/bin/env node
// The command `selfadapt`.
import { runCommand } from "./program.js";

// Whoever reads our output may stop reading it: `selfadapt ... | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

process.exitCode = await runCommand(process.argv.slice(2));
