// The subresource resize: requests and limits of containers that run (KEP-1287, pkg/registry/core/pod/strategy.go).
import type { FieldError } from '../../field-error.ts';
import { equal } from '../../object.ts';
import { isSidecar, podQOSClass } from '../../pod-helpers.ts';
import type { Context, Strategy } from '../../resource.ts';
import type { Container, KubeObject, PodSpec } from '../../types.ts';
import { defaultPodOnly, defaultPodSpec } from './defaults.ts';
import { keepMetadata } from './ephemeral.ts';
import { FieldPath, Problems, specPath } from './problems.ts';
import { quantity } from './quantities.ts';
import { validateMetadataAndSpec } from './validate-pod.ts';

const lists = ['containers', 'initContainers'] as const;

/** Everything but resources and resize policies stays as it is; other containers than before are left for the validation to refuse. */
export const resizeStrategy: Strategy = {
  generation: false,
  defaults(pod, { version }) {
    defaultPodSpec(pod.spec, version);
    defaultPodOnly(pod.spec);
  },
  prepareForUpdate(pod, old, { version }) {
    const wanted: PodSpec = pod.spec;
    if (lists.some((list) => wanted[list]?.length !== old.spec[list]?.length)) return;
    pod.spec = { ...old.spec };
    for (const list of lists) if (old.spec[list]) pod.spec[list] = merged(old.spec[list], wanted[list]!);
    pod.status = old.status;
    keepMetadata(pod, old);
    if (version.has('pod-generation') && !equal(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validateUpdate: (pod, old, context) => validateResize(pod, old, context),
};

function merged(old: readonly Container[], wanted: readonly Container[]): readonly Container[] {
  if (old.some(({ name }, i) => wanted[i]!.name !== name)) return wanted;
  return old.map(({ resizePolicy: _, ...rest }, i) => ({ ...rest, resources: wanted[i]!.resources ?? {}, ...(wanted[i]!.resizePolicy && { resizePolicy: wanted[i]!.resizePolicy }) }));
}

/** Pods that cannot be resized at all, and why. */
function unsuited(pod: KubeObject, old: KubeObject): string | undefined {
  const whole = ({ spec: { resources } }: KubeObject) => Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;
  if (whole(old) || whole(pod)) return 'pods with pod-level resources cannot be resized';
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return 'static pods cannot be resized';
  return old.spec.os?.name === 'windows' ? 'windows pods cannot be resized' : undefined;
}

function validateResize(pod: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  const never = unsuited(pod, old);
  if (never) {
    problems.forbidden(new FieldPath(''), never);
    return problems.list;
  }
  validateMetadataAndSpec(problems, pod);
  const before = old.status?.qosClass ?? podQOSClass(old.spec);
  if (before !== podQOSClass(pod.spec)) problems.invalid(specPath, before, 'Pod QOS Class may not change as a result of resizing');
  const running = old.status?.containerStatuses?.find(({ state }: { state?: { running?: object } }) => state?.running);
  if (running && !running.resources) problems.forbidden(specPath, 'Pod running on node without support for resize');
  if (!sameContainers(problems, pod.spec, old.spec)) return problems.list;
  for (const list of [...lists].reverse()) each(pod, old, list, (now, was, at) => (list === 'containers' || isSidecar(was) ? validateContainer(problems, at.child('resources'), now, was) : undefined));
  for (const list of lists) each(pod, old, list, (now, was) => onlyCpuAndMemory(problems, now, { was, isInit: list === 'initContainers' }));
  return problems.list;
}

function each(pod: KubeObject, old: KubeObject, list: (typeof lists)[number], check: (now: Container, was: Container, at: FieldPath) => void): void {
  (old.spec[list] as Container[] | undefined)?.forEach((was, i) => check(pod.spec[list][i], was, specPath.child(list).index(i)));
}

function sameContainers(problems: Problems, now: PodSpec, old: PodSpec): boolean {
  const before = problems.list.length;
  for (const list of lists) {
    const [wanted, present] = [now[list] ?? [], old[list] ?? []];
    if (wanted.length !== present.length) problems.forbidden(specPath.child(list), `${list} may not be added or removed on resize`);
    else present.forEach(({ name }, i) => wanted[i]!.name === name || problems.forbidden(specPath.child(list).index(i).child('name'), `${list} may not be renamed or reordered on resize`));
  }
  return problems.list.length === before;
}

function validateContainer(problems: Problems, at: FieldPath, now: Container, old: Container): void {
  for (const kind of ['requests', 'limits'] as const) {
    const [before = {}, after = {}] = [old.resources?.[kind], now.resources?.[kind]];
    if (Object.keys(before).some((name) => after[name] === undefined)) problems.forbidden(at.child(kind), `resource ${kind} cannot be removed`);
  }
  const [wanted, present] = [now.resources?.limits?.['memory'], old.resources?.limits?.['memory']];
  const policy = now.resizePolicy?.find(({ resourceName }) => resourceName === 'memory')?.restartPolicy;
  if (wanted === undefined || policy === 'RestartContainer') return;
  const limit = at.child('limits').key('memory');
  if (present === undefined) problems.forbidden(limit, 'memory limits cannot be added unless resizePolicy is RestartContainer');
  else if (quantity(wanted).cmp(quantity(present)) < 0) problems.forbidden(limit, 'memory limits cannot be decreased unless resizePolicy is RestartContainer');
}

type Amounts = Record<string, string> | undefined;

/** The new amounts with the old cpu and memory. Where nothing was asked for, whatever comes is let through, in Kubernetes too. */
function withOld(now: Amounts, old: Amounts): Amounts {
  if (!old || Object.keys(old).length === 0) return undefined;
  const { cpu: _, memory: __, ...others } = now ?? {};
  return { ...others, ...('cpu' in old && { cpu: old['cpu']! }), ...('memory' in old && { memory: old['memory']! }) };
}

function onlyCpuAndMemory(problems: Problems, now: Container, { was, isInit }: { was: Container; isInit: boolean }): void {
  const sidecar = isInit && isSidecar(was);
  const comparable = (container: Container, { requests, limits, claims }: NonNullable<Container['resources']>) => ({ ...container, resources: { requests: requests ?? {}, limits: limits ?? {}, claims: claims ?? [] } });
  const { requests, limits } = now.resources ?? {};
  const kept = isInit && !sidecar ? (now.resources ?? {}) : { requests: withOld(requests, was.resources?.requests), limits: withOld(limits, was.resources?.limits) };
  if (equal(comparable(now, kept as NonNullable<Container['resources']>), comparable(was, was.resources ?? {}))) return;
  problems.forbidden(specPath, sidecar ? 'only cpu and memory resources for sidecar containers are mutable' : isInit ? 'resources for non-sidecar init containers are immutable' : 'only cpu and memory resources are mutable');
}
