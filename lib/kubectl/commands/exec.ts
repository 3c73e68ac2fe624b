import { badRequest } from '../../api/index.ts';
import { CommandError, PlainError, UsageError } from '../errors.ts';
import { bool, list, string, time } from '../flags.ts';
import type { Command } from '../session.ts';
import { defaultContainer, podFor } from './logs.ts';

const noTyping = "# 도움말: 셀에서는 열린 셸에 글을 칠 수 없다. 명령을 함께 적는다. 예: exec web -- sh -c 'ls / && date'";

const stopped = (time: number) => `# 도움말: ${time / 1000}초가 지나 Ctrl-C로 멈추었다. 더 오래 두려면 kubectl.for('5m')\`…\``;

export const exec: Command = {
  name: 'exec',
  short: 'Execute a command in a container',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  flags: [string('container', 'c'), bool('stdin', 'i'), bool('tty', 't'), bool('quiet', 'q'), list('filename', 'f'), time('pod-running-timeout', '1m0s')],
  run(call) {
    const { args, dash, flags } = call;
    if (args.length === 0 || dash === 0) throw new CommandError('pod, type/name or --filename must be specified');
    if (dash < 0 && args.length > 1) throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead', call.command);
    const command = args.slice(1);
    if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
    const pod = podFor(call, args[0]!, 'exec');
    const { phase } = pod.status;
    if (phase === 'Succeeded' || phase === 'Failed') throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    const container = flags.string('container') || defaultContainer(call, pod);
    const known = [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].some(({ name }) => name === container);
    if (!known) throw badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`);
    if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    call.client.authorize?.({ verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: pod.metadata.namespace, name: pod.metadata.name });
    if (!call.options.exec) throw new CommandError('unable to upgrade connection: this cluster runs no containers');
    const { code, stdout, stderr, error, interrupted } = call.options.exec(pod, container, command, { stdin: flags.bool('stdin') ? call.stdin : '', tty: flags.bool('tty'), endless: call.endless });
    call.out.write(stdout);
    if (stderr) call.out.error(stderr.replace(/\n$/, ''));
    if (interrupted) call.out.error(stopped(interrupted));
    if (flags.bool('stdin') && !call.stdin && command.length === 1 && /^(\/bin\/)?(ba|a|z)?sh$/.test(command[0]!)) call.out.error(noTyping);
    if (error !== undefined) throw new CommandError(`${call.version.has('exec-over-websockets') ? 'Internal error occurred: ' : ''}Internal error occurred: error executing command in container: ${error}`);
    if (code !== 0) throw new PlainError(`command terminated with exit code ${code}`, code);
  },
};
