// The resources to release at the end of a run. (Node 20 lacks DisposableStack.)

export interface Resources extends Disposable {
  /** Calls `release` when these resources are disposed of, the last one first. */
  defer(release: () => void): void;
}

export function createResources(): Resources {
  const releases: (() => void)[] = [];
  return {
    defer: (release) => void releases.push(release),
    [Symbol.dispose]() {
      for (const release of releases.splice(0).reverse()) release();
    },
  };
}
