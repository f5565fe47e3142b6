// An object with some of its members replaced.

/**
 * The members of `parts`, and for all others those of `base`, read and called on `base` itself: also the methods, getters and
 * private fields of its class, which copying would lose.
 */
export function extended<Base extends object>(base: Base, parts: Partial<Base>): Base {
  return new Proxy({} as Base, {
    get(_, key) {
      if (Object.hasOwn(parts, key)) return Reflect.get(parts, key);
      const value: unknown = Reflect.get(base, key);
      return typeof value === "function" ? value.bind(base) : value;
    },
    has: (_, key) => Object.hasOwn(parts, key) || key in base,
  });
}
