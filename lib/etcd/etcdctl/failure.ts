/** Ends etcdctl with `Error: …` and an exit status. `waited` milliseconds pass before it says so. */
export class Failure extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly waited = 0,
  ) {
    super(message);
  }
}
