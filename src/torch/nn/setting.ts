// A setting that holds while a function runs.
import { refuseAsync } from "../lifetime.js";

/** A value that `during` replaces while its body runs. */
export class Setting<T> {
  #value: T;
  readonly #name: string;

  /** `name` is the public function's, for its errors. */
  constructor(name: string, outside: T) {
    this.#name = name;
    this.#value = outside;
  }

  get value(): T {
    return this.#value;
  }

  /** @throws Error when `body` is async. */
  during<R>(value: T, body: () => R): R {
    const before = this.#value;
    this.#value = value;
    try {
      const result = body();
      refuseAsync(this.#name, result);
      return result;
    } finally {
      this.#value = before;
    }
  }
}
