// An onnxruntime session that answers at once: it runs in a worker, for which the caller waits.
import { createRequire } from "node:module";
import { InputError } from "../../../errors.js";
import { MissingPackageError } from "../../../optional-package.js";
import { threads } from "../../../torch/index.js";
import { type SyncWorker, syncWorker } from "./sync-worker.js";

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

interface Output {
  readonly type: string;
  readonly values: Float32Array;
  readonly shape: number[];
}

/** In the worker: opens the session once; one run a message. */
const answer = `({ runtime, file, input, output, threads }) => {
  const { InferenceSession, Tensor } = require(runtime);
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 };
  const opening = InferenceSession.create(file, options);
  opening.catch(() => {});
  return async ({ values, shape }) => {
    const result = (await (await opening).run({ [input]: new Tensor("float32", values, shape) }, [output]))[output];
    return { type: result.type, values: result.data, shape: result.dims };
  };
}`;

const workers = new Map<string, SyncWorker>();

/** The worker of a file and output, one for all networks of the process; a new one where it has ended. */
function workerOf({ file, input, output }: Request): SyncWorker {
  const key = `${file}#${output}`;
  const known = workers.get(key);
  if (known !== undefined && !known.ended) return known;
  const worker = syncWorker(answer, { runtime: runtimePath(), file, input, output, threads: threads() });
  workers.set(key, worker);
  return worker;
}

/** The session of a file and output. @throws MissingPackageError without onnxruntime. */
export function syncSession(request: Request): SyncSession {
  const { file, output } = request;
  workerOf(request);
  return {
    run(values, shape) {
      const { type, ...result } = outputFor(request, { values, shape });
      if (type !== "float32") throw new InputError(`${file}: ${output} is ${type}; expected float32`);
      return result;
    },
  };
}

function outputFor(request: Request, message: object): Output {
  try {
    return workerOf(request).ask(message) as Output;
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new InputError(`${request.file} cannot be run by onnxruntime: ${reason}`);
  }
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
