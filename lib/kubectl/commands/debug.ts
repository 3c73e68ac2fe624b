// kubectl debug: a container beside those of a pod, a changed copy of a pod, a pod on a node.
import type { KubeObject, Manifest, Pod } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { apiVersionOf } from '../names.ts';
import { resourceNamed } from '../arguments.ts';
import { lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil } from '../time.ts';
import { copyOfPod, debugContainer, nodePod, type Wish } from './debug-pods.ts';
import { profiles } from './debug-profiles.ts';
import { watchContainer } from './watch-container.ts';

export const debug: Command = {
  name: 'debug',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  usage: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  flags: [
    ...[bool('arguments-only'), bool('attach'), string('container', 'c'), string('copy-to'), list('env'), list('filename', 'f'), string('image'), string('image-pull-policy')],
    ...['keep-annotations', 'keep-labels', 'keep-liveness', 'keep-readiness', 'keep-startup'].map((name) => bool(name)),
    ...[bool('keep-init-containers', undefined, 'true'), string('profile', undefined, 'legacy'), bool('quiet', 'q'), bool('replace'), bool('same-node'), list('set-image')],
    ...[bool('share-processes', undefined, 'true'), bool('stdin', 'i'), string('target'), bool('tty', 't')],
  ],
  run(call) {
    const names = call.dash < 0 ? call.args : call.args.slice(0, call.dash);
    const command = call.dash < 0 ? [] : call.args.slice(call.dash);
    validate(call, names, command);
    const wish = wishOf(call, command);
    const { infos, errors } = resolve(call, { args: names.map((name) => (name.includes('/') || names.length > 1 ? name : `pod/${name}`)) });
    if (infos.length === 0) throwAll(errors);
    for (const info of infos) debugOne(call, info, wish);
    throwAll(errors);
  },
};

function validate(call: Call, names: readonly string[], command: readonly string[]): void {
  const { flags } = call;
  const [copyTo, image, setImages] = [flags.string('copy-to'), flags.string('image'), flags.list('set-image')];
  const refuse = (why: string): never => {
    throw new CommandError(why);
  };
  if (copyTo && !image && setImages.length === 0 && command.length === 0) refuse('you must specify --image, --set-image or command arguments.');
  if (copyTo && command.length > 0 && !flags.string('container') && !image) refuse('you must specify an existing container or a new image when specifying args.');
  if (!copyTo && !image) refuse('you must specify --image when not using --copy-to.');
  if (!copyTo && setImages.length > 0) refuse('--set-image may only be used with --copy-to.');
  if (names.length === 0 && flags.list('filename').length === 0) refuse('NAME or filename is required for debug');
  const policy = flags.string('image-pull-policy');
  if (policy && !['Always', 'IfNotPresent', 'Never'].includes(policy)) refuse(`invalid image pull policy: ${policy}`);
  for (const flag of ['replace', 'same-node']) if (!copyTo && flags.bool(flag)) refuse(`--${flag} may only be used with --copy-to.`);
  const target = flags.string('target');
  if (target && copyTo) refuse('--target is incompatible with --copy-to. Use --share-processes instead.');
  if (target && !flags.has('share-processes')) call.out.line(`Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`);
  if (flags.bool('tty') && !flags.bool('stdin')) refuse('-i/--stdin is required for containers with -t/--tty=true');
  const profile = flags.string('profile');
  if (!(profile in profiles)) refuse(`unknown profile: ${profile}`);
  if (profile === 'legacy' && call.version.has('debug-legacy-warning')) call.out.error('--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".');
}

function wishOf(call: Call, command: string[]): Wish {
  const { flags } = call;
  const words = flags.bool('arguments-only') ? { args: command } : { command };
  const env = flags.all('env').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
    return { name, value };
  });
  const policy = flags.string('image-pull-policy');
  return {
    container: { image: flags.string('image'), ...(command.length > 0 && words), ...(env.length > 0 && { env }), ...(policy && { imagePullPolicy: policy }), stdin: flags.bool('stdin'), tty: flags.bool('tty') },
    name: flags.string('container'),
    profile: flags.string('profile'),
    setImages: Object.fromEntries(flags.list('set-image').map((pair) => pair.split('=', 2) as [string, string])),
    keeps: (what) => flags.bool(`keep-${what}`),
    ...(flags.has('share-processes') && { shareProcesses: flags.bool('share-processes') }),
  };
}

function debugOne(call: Call, info: Info, wish: Wish): void {
  const { flags } = call;
  const { kind } = info.resource;
  if (kind !== 'Pod' && kind !== 'Node') throw new CommandError(`${JSON.stringify(`/${info.apiVersion}, Kind=${kind}`)} not supported by debug`);
  const made = kind === 'Node' ? onNode(call, info, wish) : flags.string('copy-to') ? byCopy(call, info.object as Pod, wish) : byEphemeralContainer(call, info.object as Pod, wish);
  const attaches = flags.has('attach') ? flags.bool('attach') : flags.bool('stdin');
  if (attaches && made.container) watchContainer(call, podInfo(call, made.pod), { container: made.container, quiet: flags.bool('quiet'), once: true });
}

interface Made {
  pod: KubeObject;
  /** The new container; missing where only images were changed. */
  container?: string;
}

const podInfo = (call: Call, pod: KubeObject): Info => {
  const resource = resourceNamed(call, 'pods');
  return { resource, apiVersion: apiVersionOf(resource, call.version), namespace: pod.metadata.namespace ?? 'default', name: pod.metadata.name, object: pod };
};

/** `debugger-` and five characters, which is told. */
function containerName(call: Call, pod: Pod, { name }: Wish): string {
  if (name) return name;
  const made = `debugger-${suffix(call, pod.metadata.name)}`;
  if (!call.flags.bool('quiet')) call.out.line(`Defaulting debug container name to ${made}.`);
  return made;
}

const suffix = (call: Call, what: string) => call.client.random.fork(`debug/${what}/${call.client.clock.now}`).suffix(5);

function byEphemeralContainer(call: Call, pod: Pod, wish: Wish): Made {
  if (!call.version.has('ephemeral-containers')) throw new CommandError('ephemeral containers are disabled for this cluster (error from server: "the server could not find the requested resource").');
  const container = containerName(call, pod, wish);
  const target = call.flags.string('target');
  const added = { ...debugContainer(container, wish, 'ephemeral'), ...(target && { targetContainerName: target }) };
  const { namespace, name } = pod.metadata;
  const order = [...(pod.spec.ephemeralContainers ?? []), added].map((one) => ({ name: one.name }));
  const patch = { spec: { '$setElementOrder/ephemeralContainers': order, ephemeralContainers: [added] } };
  return { container, pod: call.client.patch('Pod', { namespace, name }, patch, { subresource: 'ephemeralcontainers', fieldManager: 'kubectl-debug' }) };
}

function byCopy(call: Call, pod: Pod, wish: Wish): Made {
  const { flags } = call;
  const copy = copyOfPod(pod, wish, { name: flags.string('copy-to'), sameNode: flags.bool('same-node'), newName: () => containerName(call, pod, wish) });
  const created = call.client.create(copy.pod, { fieldManager: 'kubectl-debug' });
  if (flags.bool('replace')) {
    call.client.delete(pod);
    waitUntil(call, 0, () => lookUp(call, podInfo(call, pod)) === undefined);
  }
  return { pod: created, ...(copy.container && { container: copy.container }) };
}

function onNode(call: Call, { name }: Info, wish: Wish): Made {
  const [podName, container] = [`node-debugger-${name}-${suffix(call, name)}`, wish.name || 'debugger'];
  if (!call.flags.bool('quiet')) call.out.line(`Creating debugging pod ${podName} with container ${container} on node ${name}.`);
  const manifest: Manifest = nodePod(podName, { node: name, namespace: call.namespace, container }, wish);
  return { container, pod: call.client.create(manifest, { fieldManager: 'kubectl-debug' }) };
}
