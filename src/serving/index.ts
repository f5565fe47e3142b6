// A predictor over HTTP.
export { allowOnlyPictures } from "./allow-pictures.js";
export { drain, listen } from "./listen.js";
export { refuseBytes } from "./refuse-bytes.js";
export { RequestError } from "./request-error.js";
export { createServer, type Server, type ServerOptions } from "./server.js";
