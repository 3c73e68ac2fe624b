import { StatusError } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, int, string, time } from '../flags.ts';
import { clientKind, keyOf } from '../names.ts';
import { dryRun, Reporter } from '../print.ts';
import { noteCause } from '../record.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

export const scale: Command = {
  name: 'scale',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  usage: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  flags: [...printFlags, dryRunFlag, ...fileFlags, int('replicas'), int('current-replicas', '-1'), string('resource-version'), string('selector', 'l'), bool('all'), time('timeout')],
  run(call) {
    if (!call.flags.has('replicas')) throw new CommandError('required flag(s) "replicas" not set');
    const reporter = new Reporter(call);
    if (call.flags.int('replicas') < 0) throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const { infos, errors } = resolve(call);
    if (infos.length === 0) throw new CommandError(errors.length > 0 ? `no objects passed to scale ${errors[0]!.message}` : 'no objects passed to scale');
    forEach(infos, errors, (info) => scaleOne(call, info, reporter));
    throwAll(errors);
  },
};

function scaleOne(call: Call, info: Info, reporter: Reporter): void {
  const { flags } = call;
  const replicas = flags.int('replicas');
  // On the client nothing is looked at, not even whether it can be scaled.
  if (dryRun(call) === 'client') return reporter.report(info, 'scaled');
  if (!info.resource.subresources?.some(({ name }) => name === 'scale')) throw new StatusError('NotFound', 404, 'the server could not find the requested resource');
  const [expected, now] = [flags.int('current-replicas'), info.object?.spec?.replicas ?? 0];
  if (expected >= 0 && expected !== now) throw new CommandError(`Expected replicas to be ${expected}, was ${now}`);
  const version = flags.string('resource-version');
  if (version && version !== info.object?.metadata.resourceVersion) throw new CommandError(`Expected resource version to be ${version}, was ${info.object?.metadata.resourceVersion}`);
  call.client.patch(clientKind(info.resource), keyOf(info), { spec: { replicas } }, { type: 'merge', subresource: 'scale', dryRun: dryRun(call) === 'server' });
  noteCause(call, info);
  reporter.report(info, 'scaled');
}
