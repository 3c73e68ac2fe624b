/** Names of earlier cells, as later cells see them. */
export interface Scope {
  /** To be used with `with`: reading a name reads the variable of the cell that declared it last. */
  names: object;
  declare(readers: Record<string, () => unknown>): void;
}

/**
 * As tslab's `exports`: a later cell reads a variable of an earlier one, also after the earlier cell's own functions
 * changed it; assigning to it from a later cell leaves the earlier cell's own variable as it was.
 */
export function createScope(given: Record<string, unknown>): Scope {
  const names = Object.assign(Object.create(null), given) as object;
  return {
    names,
    declare(readers) {
      for (const [name, read] of Object.entries(readers)) Object.defineProperty(names, name, variable(read));
    },
  };
}

function variable(read: () => unknown): PropertyDescriptor {
  let assigned: { value: unknown; over: unknown } | undefined;
  return {
    configurable: true,
    enumerable: true,
    get() {
      const own = read();
      return assigned && assigned.over === own ? assigned.value : own;
    },
    set(value: unknown) {
      assigned = { value, over: read() };
    },
  };
}
