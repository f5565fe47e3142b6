// A predictor over HTTP.
export { allowOnlyPictures } from "./allow-pictures.js";
export { drain, listen } from "./listen.js";
export { createServer, type Server, type ServerOptions } from "./server.js";
