// Data of the server in a component: loading, loaded or failed.
import { useCallback, useEffect, useState } from "preact/hooks";
import { getJson, type Progress } from "./client.js";

export type Loaded<T> =
  | { readonly state: "loading"; readonly progress: Progress | null }
  | { readonly state: "failed"; readonly error: Error }
  | { readonly state: "loaded"; readonly value: T };

/** The JSON at a path, requested again when the path changes or on `reload`, which keeps what is shown until then. */
export function useJson<T>(path: string): Loaded<T> & { reload: () => void } {
  const [{ of, loaded }, setLoaded] = useState<{ of: string; loaded: Loaded<T> }>({ of: path, loaded: LOADING });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const set = (value: Loaded<T>) => {
      if (!stop.signal.aborted) setLoaded({ of: path, loaded: value });
    };
    getJson<T>(path, {
      signal: stop.signal,
      onProgress: (progress) => set({ state: "loading", progress }),
    }).then(
      (value) => set({ state: "loaded", value }),
      (error) => set({ state: "failed", error }),
    );
    return () => stop.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((value) => value + 1), []);
  return { ...(of === path ? loaded : LOADING), reload };
}

const LOADING = { state: "loading", progress: null } as const;
