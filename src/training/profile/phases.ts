// The time of each phase of a training step. Phases nest: the time of an inner one is not the outer one's.
export const phaseNames = ["data", "augmentation", "forward", "targets", "backward", "optimizer"] as const;
export type PhaseName = (typeof phaseNames)[number];

export interface PhaseTimer {
  /** Runs `body` as a part of the phase. */
  time<T>(phase: PhaseName, body: () => T): T;
  /** Waits for `body` as a part of the phase. */
  wait<T>(phase: PhaseName, body: () => Promise<T>): Promise<T>;
  /** Seconds of each phase since the last call. */
  take(): Record<PhaseName, number>;
}

const none = (): Record<PhaseName, number> =>
  Object.fromEntries(phaseNames.map((name) => [name, 0])) as Record<PhaseName, number>;

/** @param now milliseconds */
export function phaseTimer(now: () => number = () => performance.now()): PhaseTimer {
  let seconds = none();
  /** Seconds of the phases within each of those under way. */
  const inner: number[] = [];

  function begin(phase: PhaseName): () => void {
    const began = now();
    inner.push(0);
    return () => {
      const elapsed = (now() - began) / 1000;
      seconds[phase] += elapsed - (inner.pop() ?? 0);
      if (inner.length > 0) inner[inner.length - 1]! += elapsed;
    };
  }

  return {
    time(phase, body) {
      const end = begin(phase);
      try {
        return body();
      } finally {
        end();
      }
    },
    async wait(phase, body) {
      const end = begin(phase);
      try {
        return await body();
      } finally {
        end();
      }
    },
    take() {
      const taken = seconds;
      seconds = none();
      return taken;
    },
  };
}
