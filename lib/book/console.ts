const silent = new Proxy({}, { get: () => () => {} }) as Console;

/** Runs with a console that says nothing. */
export async function quietly<T>(run: () => T | Promise<T>): Promise<T> {
  const before = globalThis.console;
  globalThis.console = silent;
  try {
    return await run();
  } finally {
    globalThis.console = before;
  }
}
