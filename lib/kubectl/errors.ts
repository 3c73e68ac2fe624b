// How kubectl turns an error into lines on stderr and an exit code.
import { StatusError } from '../api/index.ts';

/** An error of kubectl itself, printed as `error: …`. */
export class CommandError extends Error {}

/** A wrongly written command line; names the command whose help to read. */
export class UsageError extends CommandError {
  constructor(message: string, command: string) {
    super(`${message}\nSee '${command} -h' for help and examples`);
  }
}

/** A text that is printed as it is. */
export class PlainError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** Several errors of one command; the others were carried out. */
export class ManyErrors extends Error {
  constructor(readonly errors: Error[]) {
    super(errors.length === 1 ? errors[0]!.message : `[${errors.map((e) => e.message).join(', ')}]`);
  }
}

/** No server answers at this address. */
export class ConnectionRefused extends Error {
  constructor(readonly server: string) {
    super(`The connection to the server ${server} was refused - did you specify the right host or port?`);
  }
}

/** Nothing comes back from this address. */
export class ConnectionTimeout extends Error {
  constructor(server: string) {
    super(`Unable to connect to the server: dial tcp ${server}: i/o timeout`);
  }
}

/** The same API error, its message led by what kubectl was doing: `error when creating "web.yaml": …`. */
export function wrapped(error: unknown, prefix: string): Error {
  if (error instanceof StatusError) return new StatusError(error.reason, error.code, `${prefix}: ${error.message}`, error.details);
  return new CommandError(`${prefix}: ${(error as Error).message}`);
}

/** Throws what was collected, if anything. */
export function throwAll(errors: Error[]): void {
  const flat = errors.flatMap((e) => (e instanceof ManyErrors ? e.errors : [e]));
  if (flat.length === 1) throw flat[0];
  if (flat.length > 1) throw new ManyErrors(flat);
}

/** Like {@link throwAll}; what was wrong with the files themselves stands together when more went wrong later. */
export function throwBoth(inFiles: Error[], later: Error[]): void {
  const together = later.length > 0 && inFiles.length > 1 ? [new CommandError(`[${inFiles.map((e) => e.message).join(', ')}]`)] : inFiles;
  throwAll([...together, ...later]);
}

function invalidMessage({ message, details }: StatusError): string {
  if (!details) return `The request is invalid: ${message}`;
  let text = 'The request is invalid';
  if (details.kind || details.name) text = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`;
  else if (message && !details.causes?.length) text += `: ${message}`;
  const causes = [...new Set((details.causes ?? []).map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))];
  if (causes.length === 0) return text;
  return causes.length === 1 ? `${text}: ${causes[0]}` : `${text}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
}

function standardMessage(error: Error): string | undefined {
  if (error instanceof ConnectionRefused || error instanceof ConnectionTimeout || error instanceof PlainError) return error.message;
  if (!(error instanceof StatusError)) return undefined;
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
  return error.reason ? `Error from server (${error.reason}): ${error.message}` : `Error from server: ${error.message}`;
}

/** What goes to stderr for an error, without the last line break. */
export function errorText(error: Error): string {
  if (error instanceof ManyErrors) return error.errors.map((e) => standardMessage(e) ?? e.message).join('\n');
  if (error instanceof StatusError && error.reason === 'Invalid') return invalidMessage(error);
  const standard = standardMessage(error);
  if (standard !== undefined) return standard;
  return error.message.startsWith('error: ') ? error.message : `error: ${error.message}`;
}

export function exitCode(error: Error): number {
  return error instanceof PlainError ? error.code : 1;
}
