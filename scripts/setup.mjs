import { findLibtorch, pythonTorch, SYSTEM } from "./setup/libtorch.mjs";
import { compileAddon } from "./setup/addon.mjs";
const lt = findLibtorch({ libtorch: process.env.LIBTORCH, python: pythonTorch("python3"), system: SYSTEM });
console.log(lt);
compileAddon(lt);
