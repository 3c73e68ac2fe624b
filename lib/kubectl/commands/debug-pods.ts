// What kubectl debug makes (k8s.io/kubectl/pkg/cmd/debug).
import { type Container, draft, type Manifest, type Pod, type PodSpec } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { profiles } from './debug-profiles.ts';

/** What was asked for on the command line. */
export interface Wish {
  container: Pick<Container, 'image' | 'command' | 'args' | 'env' | 'imagePullPolicy' | 'stdin' | 'tty'>;
  /** '' when none was named. */
  name: string;
  profile: string;
  setImages: Record<string, string>;
  /** --keep-labels and its like. */
  keeps(what: string): boolean;
  /** Only when it was said. */
  shareProcesses?: boolean;
}

const shown = ({ stdin, tty, ...rest }: Wish['container']) => ({ ...rest, ...(stdin && { stdin }), ...(tty && { tty }) });

export function debugContainer(name: string, wish: Wish, target: 'ephemeral' | 'node'): Container {
  const container: Container = { name, ...shown(wish.container), terminationMessagePolicy: 'File' };
  profiles[wish.profile]!.container?.(container, target);
  return container;
}

export function copyOfPod(pod: Pod, wish: Wish, { name, sameNode, newName }: { name: string; sameNode: boolean; newName(): string }): { pod: Manifest; container?: string } {
  const spec = draft(pod.spec) as PodSpec;
  const { namespace, labels, annotations } = pod.metadata;
  const legacy = wish.profile === 'legacy';
  const metadata = { name, namespace, ...((legacy || wish.keeps('annotations')) && annotations && { annotations }), ...(wish.keeps('labels') && labels && { labels }) };
  delete spec.ephemeralContainers;
  if (!sameNode) delete spec.nodeName;
  for (const container of spec.containers) {
    const image = wish.setImages[container.name] ?? wish.setImages['*'];
    if (image) container.image = image;
  }
  if (!legacy) dropParts(spec, wish);
  const container = changeContainer(spec, wish, newName);
  if (wish.shareProcesses !== undefined) spec.shareProcessNamespace = wish.shareProcesses;
  else if (!legacy) spec.shareProcessNamespace = true;
  return { pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec }, ...(container && { container }) };
}

/** The container that was named, or a new one; undefined when only images change. */
function changeContainer(spec: PodSpec, wish: Wish, newName: () => string): string | undefined {
  const known = spec.containers.find((c) => c.name === wish.name);
  if (!known && !wish.container.image) {
    if (Object.keys(wish.setImages).length > 0) return undefined;
    throw new CommandError('you must specify image when creating new container');
  }
  const container: Container = known ?? { name: wish.name || newName(), terminationMessagePolicy: 'File' };
  const { image, command, args, ...rest } = shown(wish.container);
  if (command) delete container.args;
  Object.assign(container, rest, { ...(image && { image }), ...(command && { command }), ...(args && { args }) });
  if (!known) spec.containers.push(container);
  profiles[wish.profile]!.container?.(container, 'copy');
  return container.name;
}

const probes = { 'keep-liveness': 'livenessProbe', 'keep-readiness': 'readinessProbe', 'keep-startup': 'startupProbe' } as const;

/** Profiles but the oldest leave out what would disturb. */
function dropParts(spec: PodSpec, { keeps }: Wish): void {
  if (!keeps('init-containers')) delete spec.initContainers;
  for (const flag in probes) if (!keeps(flag.slice(5))) for (const container of spec.containers) delete container[probes[flag as keyof typeof probes]];
}

export function nodePod(name: string, { node, namespace, container }: { node: string; namespace: string; container: string }, wish: Wish): Manifest {
  const spec: PodSpec = { containers: [debugContainer(container, wish, 'node')], nodeName: node, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }] };
  const { seesHost = false, mountsRoot = false } = profiles[wish.profile]!;
  if (mountsRoot) {
    spec.volumes = [{ name: 'host-root', hostPath: { path: '/' } }];
    spec.containers[0]!.volumeMounts = [{ name: 'host-root', mountPath: '/host' }];
  }
  if (seesHost) Object.assign(spec, { hostNetwork: true, hostPID: true, hostIPC: true });
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec };
}
