// How a script leaves what it is in, through whatever stands around it.
export class ExitShell extends Error {
  readonly status: number;
  constructor(status: number) {
    super('exit');
    this.status = status;
  }
}

export class ReturnFunction extends Error {
  readonly status: number;
  constructor(status: number) {
    super('return');
    this.status = status;
  }
}

/** `break` and `continue`, through so many loops. */
export class LoopControl extends Error {
  readonly what: 'break' | 'continue';
  levels: number;
  constructor(what: 'break' | 'continue', levels: number) {
    super(what);
    this.what = what;
    this.levels = levels;
  }
}
