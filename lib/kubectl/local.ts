// --local: a command that works on files alone and asks no server.
import { CommandError } from './errors.ts';
import { dryRun } from './print.ts';
import type { Call } from './session.ts';

/** `file` is the example's name in what label and annotate say; the commands of `set` leave it to the builder. */
export function checkLocal(call: Call, resources: readonly string[], file?: string): void {
  if (!call.flags.bool('local')) return;
  if (dryRun(call) === 'server') throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  const noFiles = call.flags.list('filename').length === 0;
  if (!file) {
    if (noFiles) throw new CommandError("you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'");
    return;
  }
  if (resources.length > 0) throw new CommandError(`can only use local files by -f ${file}.yaml or --filename=${file}.json when --local=true is set`);
  if (noFiles) throw new CommandError(`one or more files must be specified as -f ${file}.yaml or --filename=${file}.json`);
}
