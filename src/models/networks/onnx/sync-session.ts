// An onnxruntime session that answers at once: it runs in a worker, for which the caller waits.
import { createRequire } from "node:module";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { InputError } from "../../../errors.js";
import { MissingPackageError } from "../../../optional-package.js";
import { threads } from "../../../torch/index.js";

export interface SyncSession {
  /** The values and shape of the output for float32 images of this shape. @throws InputError with the runtime's message. */
  run(
    values: Float32Array,
    shape: readonly number[],
  ): { readonly values: Float32Array; readonly shape: readonly number[] };
}

interface Request {
  readonly file: string;
  readonly input: string;
  readonly output: string;
}

/** In the worker: one run a message, and then the flag is raised. */
const worker = `
const { workerData: { runtime, port, flag, file, input, output, threads } } = require("node:worker_threads");
const { InferenceSession, Tensor } = require(runtime);
const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 };
const opening = InferenceSession.create(file, options);
opening.catch(() => {});
port.on("message", async ({ values, shape }) => {
  try {
    const result = (await (await opening).run({ [input]: new Tensor("float32", values, shape) }, [output]))[output];
    port.postMessage({ type: result.type, values: result.data, shape: result.dims });
  } catch (error) {
    port.postMessage({ error: String(error.message) });
  }
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;

const open = new Map<string, SyncSession>();

/** The session of a file and output; one for all networks of the process. @throws MissingPackageError without onnxruntime. */
export function syncSession(request: Request): SyncSession {
  const key = `${request.file}#${request.output}`;
  const session = open.get(key) ?? start(request);
  open.set(key, session);
  return session;
}

function start({ file, input, output }: Request): SyncSession {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const workerData = { runtime: runtimePath(), port: port2, flag, file, input, output, threads: threads() };
  const running = new Worker(worker, { eval: true, workerData, transferList: [port2] });
  running.unref();
  port.unref();
  return {
    run(values, shape) {
      Atomics.store(flag, 0, 0);
      port.postMessage({ values, shape });
      Atomics.wait(flag, 0, 0);
      const { message } = receiveMessageOnPort(port) as {
        message: { error?: string; type: string; values: Float32Array; shape: number[] };
      };
      if (message.error !== undefined)
        throw new InputError(`${file} cannot be run by onnxruntime: ${message.error.split("\n")[0]}`);
      if (message.type !== "float32") throw new InputError(`${file}: ${output} is ${message.type}; expected float32`);
      return { values: message.values, shape: message.shape };
    },
  };
}

function runtimePath(): string {
  try {
    return createRequire(import.meta.url).resolve("onnxruntime-node");
  } catch {
    throw new MissingPackageError(
      "a network from an ONNX file requires onnxruntime-node (not installed: onnxruntime-node); run: npm install onnxruntime-node",
    );
  }
}
