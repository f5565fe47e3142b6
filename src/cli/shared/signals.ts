// Signals such as Ctrl-C and a closed terminal: the first one stops and saves, the second one exits at once.

const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface Signals {
  readonly signal: AbortSignal;
  /** The exit status of the received signal; that of SIGTERM where another rank has received one. */
  status(): number;
  release(): void;
}

/** A request to save, as job schedulers send it ahead of a time limit. */
export interface SaveRequests {
  /** Whether one has come since the last call. */
  take(): boolean;
  release(): void;
}

/** Listens for SIGUSR1 until released; there is none on Windows. */
export function saveOnSignal(onSignal: () => void = () => {}): SaveRequests {
  let isRequested = false;
  const handle = () => {
    isRequested = true;
    onSignal();
  };
  if (process.platform !== "win32") process.on("SIGUSR1", handle);
  return {
    take() {
      const was = isRequested;
      isRequested = false;
      return was;
    },
    release: () => void process.off("SIGUSR1", handle),
  };
}

/** Listens for signals until released; `onFirst` is called at once on the first, because saving can take a moment. */
export function stopOnSignals(onFirst: () => void = () => {}): Signals {
  const controller = new AbortController();
  let status: number = statuses.SIGTERM;
  const names = Object.keys(statuses) as (keyof typeof statuses)[];
  const handle = (name: keyof typeof statuses) => {
    if (controller.signal.aborted) process.exit(statuses[name]);
    status = statuses[name];
    controller.abort();
    onFirst();
  };
  for (const name of names) process.on(name, handle);
  return {
    signal: controller.signal,
    status: () => status,
    release: () => {
      for (const name of names) process.off(name, handle);
    },
  };
}
