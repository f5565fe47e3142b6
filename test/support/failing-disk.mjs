// Loaded before the command (`--import`): from the write number WRITES_BEFORE on, the disk answers with WRITE_ERROR.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { WRITE_ERROR: code, WRITES_BEFORE: before = "0" } = process.env;
let writes = 0;

function failing(original) {
  return (...words) => {
    if (writes++ >= Number(before)) throw Object.assign(new Error(`${code}: the disk of this test`), { code });
    return original(...words);
  };
}

fs.writeSync = failing(fs.writeSync);
if (code !== "ENOSPC") fs.mkdirSync = failing(fs.mkdirSync);
syncBuiltinESMExports();
