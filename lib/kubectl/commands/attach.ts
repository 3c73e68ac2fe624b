import { badRequest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { bool, string, time } from '../flags.ts';
import type { Command } from '../session.ts';
import { defaultContainer, podFor } from './logs.ts';
import { statusOf, watchContainer } from './watch-container.ts';

export const attach: Command = {
  name: 'attach',
  short: 'Attach to a running container',
  usage: '(POD | TYPE/NAME) -c CONTAINER',
  flags: [string('container', 'c'), bool('stdin', 'i'), bool('tty', 't'), bool('quiet', 'q'), time('pod-running-timeout', '1m0s')],
  run(call) {
    const { flags, client } = call;
    if (call.args.length === 0) throw new CommandError('at least 1 argument is required for attach');
    const pod = podFor(call, call.args[0]!, 'exec');
    const { metadata, spec, status } = pod;
    if (/Succeeded|Failed/.test(status.phase ?? '')) throw new CommandError(`cannot attach a container in a completed pod; current phase is ${status.phase}`);
    const container = flags.string('container') || defaultContainer(call, pod);
    const known = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].some(({ name }) => name === container);
    if (!known) throw new CommandError(`cannot attach to the container: container ${container} not found in pod ${metadata.name}`);
    if (!flags.bool('quiet')) call.out.error("If you don't see a command prompt, try pressing enter.");
    if (!spec.nodeName) throw badRequest(`pod ${metadata.name} does not have a host assigned`);
    client.authorize?.({ verb: 'create', group: '', resource: 'pods', subresource: 'attach', namespace: metadata.namespace, name: metadata.name });
    if (!statusOf(pod, container)?.state?.running) throw new CommandError(`unable to upgrade connection: container ${container} not found in pod ${metadata.name}_${metadata.namespace}`);
    const info = { resource: client.resource('pods')!, apiVersion: 'v1', name: metadata.name, namespace: metadata.namespace!, object: pod };
    watchContainer(call, info, { container, quiet: true, fromNow: true, input: flags.bool('stdin') && !flags.bool('tty') ? call.stdin : undefined });
  },
};
