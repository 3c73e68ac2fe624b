// --local: a command that works on files alone and asks no server.
import { CommandError } from './errors.ts';
import { dryRun } from './print.ts';
import type { Call } from './session.ts';

export function checkLocal(call: Call, resources: readonly string[]): void {
  if (!call.flags.bool('local')) return;
  if (dryRun(call) === 'server') throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  if (resources.length > 0) throw new CommandError('can only use local files by -f rsrc.yaml or --filename=rsrc.json when --local=true is set');
  if (call.flags.list('filename').length === 0) throw new CommandError('one or more files must be specified as -f rsrc.yaml or --filename=rsrc.json');
}
