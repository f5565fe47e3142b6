// Loaded before a command: a machine on which nothing was compiled. Our addon cannot be loaded, others can.
const load = process.dlopen;
process.dlopen = (module, filename, ...rest) => {
  if (filename.endsWith("selfadapt.node")) throw new Error(`the engine was loaded: ${filename}`);
  return load.call(process, module, filename, ...rest);
};
