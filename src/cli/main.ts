#!/usr/bin/env node
// The command `selfadapt`.
import { runCommand } from "./program.js";
import { abandonUnreadLogs, surviveLostOutput } from "./shared/lost-output.js";

surviveLostOutput();
// A run started by `reproduce` saves and stops when that command is killed.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

process.exitCode = await runCommand(process.argv.slice(2));
abandonUnreadLogs();
