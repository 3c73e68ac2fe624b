// kubectl apply view-last-applied and set-last-applied: the annotation that apply compares with.
import { draft, type Manifest } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, string } from '../flags.ts';
import { clientKind, keyOf } from '../names.ts';
import { lastApplied, withLastApplied } from '../last-applied.ts';
import { Reporter } from '../print.ts';
import { fetchObject, forEach, resolve } from '../resolve.ts';
import type { Command } from '../session.ts';
import { printYaml } from '../yaml/print.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

export const viewLastApplied: Command = {
  name: 'view-last-applied',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  usage: '(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  flags: [string('output', 'o', 'yaml'), string('selector', 'l'), bool('all'), ...fileFlags],
  run(call) {
    const format = call.flags.string('output');
    if (format !== 'json' && format !== 'yaml') throw new CommandError(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json\nSee 'view-last-applied -h' for help and examples`);
    const { infos, errors } = resolve(call);
    throwAll(errors);
    for (const { object } of infos) {
      const text = object!.metadata.annotations?.[lastApplied];
      if (text === undefined) continue;
      const value = JSON.parse(text) as unknown;
      call.out.write(format === 'yaml' ? printYaml(value) : `${JSON.stringify(value, null, 2)}\n`);
    }
  },
};

export const setLastApplied: Command = {
  name: 'set-last-applied',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  usage: '-f FILENAME',
  flags: [...printFlags, dryRunFlag, ...fileFlags, bool('create-annotation')],
  run(call) {
    if (call.flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
    const { infos, errors } = resolve(call, { local: true });
    const reporter = new Reporter(call);
    forEach(infos, errors, (info) => {
      const before = fetchObject(call, info).metadata.annotations?.[lastApplied];
      if (before === undefined && !call.flags.bool('create-annotation')) throw new CommandError(`no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`);
      const text = withLastApplied(draft(info.object!) as unknown as Manifest).metadata.annotations![lastApplied]!;
      const object = before === text ? info.object! : call.client.patch(clientKind(info.resource), keyOf(info), { metadata: { annotations: { [lastApplied]: text } } }, { type: 'merge' });
      reporter.report(info, 'configured', object);
    });
    throwAll(errors);
  },
};
