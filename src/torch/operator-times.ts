// The time of every operator, those of backward passes included, by libtorch's own observer.
import { native } from "./native.js";

export interface OperatorTime {
  /** libtorch's name: `aten::conv2d`, or that of a node of the backward pass, such as `ConvolutionBackward0`. */
  readonly operator: string;
  readonly calls: number;
  /** Wall time of all calls, those of the operators that it calls included. */
  readonly seconds: number;
  /** Wall time without the operators that it calls. */
  readonly selfSeconds: number;
}

/** Times operators between `resume` and `pause`, as often as needed; one timer at a time. */
export interface OperatorTimer {
  resume(): void;
  pause(): void;
  /** The times so far, the largest own time first; forgets them. */
  take(): OperatorTime[];
}

/**
 * A timer of the operators that this thread calls. A call costs about a microsecond more while it is timed. On CUDA these are the times of the
 * calls on the host, which do not wait for the kernels.
 *
 * ```ts
 * const timer = operatorTimer();
 * timer.resume();
 * model.forward(images).sum().backward();
 * timer.pause();
 * console.table(timer.take());
 * ```
 */
export function operatorTimer(): OperatorTimer {
  native.takeOperatorTimes();
  return {
    resume: () => native.timeOperators(true),
    pause: () => native.timeOperators(false),
    take: () => native.takeOperatorTimes().sort((a, b) => b.selfSeconds - a.selfSeconds),
  };
}
