import { isNotFound, type KubeObject } from '../../api/index.ts';
import type { DeleteOptions } from '../../client/types.ts';
import { CommandError, throwAll, wrapped } from '../errors.ts';
import { bool, string, time } from '../flags.ts';
import { clientKind, kindName, slashName } from '../names.ts';
import { dryRun } from '../print.ts';
import { forEach, lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil } from '../time.ts';
import { dryRunFlag, fileFlags } from './create.ts';

/** How long we wait for an object to be gone. Differs from Kubernetes: kubectl would wait for a week. */
const patience = 10 * 60_000;

export const del: Command = {
  name: 'delete',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  usage: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  flags: [
    ...fileFlags,
    dryRunFlag,
    string('output', 'o'),
    string('selector', 'l'),
    string('field-selector'),
    bool('all'),
    bool('all-namespaces', 'A'),
    { name: 'cascade', type: 'string', value: 'background', alone: 'background' },
    bool('force'),
    { name: 'grace-period', type: 'int', value: '-1' },
    bool('ignore-not-found'),
    bool('now'),
    bool('wait', undefined, 'true'),
    bool('interactive', 'i'),
    time('timeout'),
    string('raw'),
  ],
  run(call) {
    const { flags } = call;
    if (flags.bool('all') && flags.string('field-selector')) throw new CommandError("setting 'all' parameter but found a non empty selector. ");
    cascade(call);
    const grace = graceOf(call);
    const { infos, errors } = resolve(call, { local: true, ignoreNotFound: flags.bool('ignore-not-found') });
    const output = flags.string('output');
    if (output && output !== 'name') throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
    if (grace === 0 && flags.bool('force')) {
      call.out.warn('Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.');
    }
    if (call.namespaceGiven && infos.some(({ resource }) => !resource.namespaced)) call.out.warn('deleting cluster-scoped resources, not scoped to the provided namespace');
    const waiting: { info: Info; uid: string }[] = [];
    const ignore = flags.bool('ignore-not-found') || flags.bool('all');
    forEach(infos, errors, (info) => deleteOne(call, info, { grace, ignore, waiting }));
    if (infos.length === 0 && errors.length === 0 && output !== 'name' && !flags.bool('ignore-not-found')) call.out.line('No resources found');
    if (flags.bool('wait') && dryRun(call) === 'none') waitForDeletion(call, waiting, errors);
    throwAll(errors);
  },
};

function graceOf({ flags }: Call): number {
  let grace = flags.int('grace-period');
  if (flags.bool('now')) {
    if (grace >= 0) throw new CommandError('--now and --grace-period cannot be specified together');
    grace = 1;
  }
  if (flags.bool('force') && grace > 0) throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  if (flags.bool('force')) return 0;
  return grace === 0 ? 1 : grace;
}

function cascade({ flags }: Call): DeleteOptions['propagationPolicy'] {
  const value = flags.string('cascade');
  const policies: Record<string, DeleteOptions['propagationPolicy']> = { background: 'Background', true: 'Background', foreground: 'Foreground', orphan: 'Orphan', false: 'Orphan' };
  if (!policies[value]) throw new CommandError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
  return policies[value];
}

interface How {
  grace: number;
  ignore: boolean;
  waiting: { info: Info; uid: string }[];
}

function deleteOne(call: Call, info: Info, { grace, ignore, waiting }: How): void {
  const { resource, namespace, name } = info;
  const options: DeleteOptions = { propagationPolicy: cascade(call), ...(grace >= 0 && { gracePeriodSeconds: grace }), ...(dryRun(call) === 'server' && { dryRun: true }) };
  try {
    const found = info.object?.metadata.uid ? info.object : undefined;
    if (dryRun(call) === 'client') {
      if (!found && !lookUp(call, info)) throw call.client.get(clientKind(resource), resource.namespaced ? { namespace, name } : { name });
    } else {
      const uid = found?.metadata.uid ?? lookUp(call, info)?.metadata.uid ?? '';
      const answer = call.client.delete({ kind: clientKind(resource), metadata: resource.namespaced ? { namespace, name } : { name } } as KubeObject, options);
      waiting.push({ info, uid: answer?.metadata?.uid ?? uid });
    }
  } catch (error) {
    if (ignore && isNotFound(error)) return;
    throw info.source ? wrapped(error, `error when deleting ${JSON.stringify(info.source)}`) : error;
  }
  tell(call, info, grace);
}

function tell(call: Call, info: Info, grace: number): void {
  if (call.flags.string('output') === 'name') return call.out.line(slashName(info));
  const dry = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun(call)];
  call.out.line(`${kindName(info.resource)} ${JSON.stringify(info.name)} ${grace === 0 ? 'force ' : ''}deleted${dry}`);
}

function waitForDeletion(call: Call, waiting: How['waiting'], errors: Error[]): void {
  const timeout = call.flags.duration('timeout') || patience;
  const until = call.client.clock.now + timeout;
  for (const { info, uid } of waiting) {
    const gone = () => {
      const object = lookUp(call, info);
      return !object || object.metadata.uid !== uid;
    };
    if (!waitUntil(call, until - call.client.clock.now, gone)) errors.push(new CommandError(`timed out waiting for the condition on ${info.resource.plural}/${info.name}`));
  }
}
