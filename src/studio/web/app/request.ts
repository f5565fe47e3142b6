// A request that a button makes: busy until it is answered, then its error, if any.
import { useSignal } from "@preact/signals";

export interface ButtonRequest {
  readonly busy: boolean;
  /** In the server's words; empty without one. */
  readonly error: string;
  /** Runs an action; what it throws is the error. */
  readonly run: (action: () => Promise<void>) => Promise<void>;
}

export function useRequest(): ButtonRequest {
  const state = useSignal({ busy: false, error: "" });
  const run = async (action: () => Promise<void>) => {
    state.value = { busy: true, error: "" };
    try {
      await action();
      state.value = { busy: false, error: "" };
    } catch (error) {
      state.value = { busy: false, error: (error as Error).message };
    }
  };
  return { ...state.value, run };
}
