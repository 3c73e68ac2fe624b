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

/** Everything but resources and resize policies stays as it is. */
export const resizeStrategy: Strategy = {
  generation: false,
  defaults(pod, { version }) {
    defaultPodSpec(pod.spec, version);
    defaultPodOnly(pod.spec);
  },
  prepareForUpdate(pod, old, { version }) {
    const wanted: PodSpec = pod.spec;
    pod.spec = { ...old.spec };
    for (const list of lists) if (old.spec[list]) pod.spec[list] = old.spec[list].map((container: Container) => resized(container, wanted[list]));
    pod.status = old.status;
    keepMetadata(pod, old);
    if (version.has('pod-generation') && !equal(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validateUpdate: (pod, old, context) => validateResize(pod, old, context),
};

function resized(container: Container, wanted: readonly Container[] | undefined): Container {
  const given = wanted?.find(({ name }) => name === container.name);
  if (!given) return container;
  const { resizePolicy: _, ...rest } = container;
  return { ...rest, resources: given.resources ?? {}, ...(given.resizePolicy && { resizePolicy: given.resizePolicy }) };
}

function validateResize(pod: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    problems.forbidden(new FieldPath(''), 'static pods cannot be resized');
    return problems.list;
  }
  validateMetadataAndSpec(problems, pod);
  const [before, now] = [podQOSClass(old.spec), podQOSClass(pod.spec)];
  if (before !== now) problems.invalid(specPath, now, 'Pod QOS Class may not change as a result of resizing');
  for (const list of lists) {
    (old.spec[list] as Container[] | undefined)?.forEach((container, i) => validateContainer(problems, specPath.child(list).index(i), pod.spec[list][i], { old: container, isInit: list === 'initContainers' }));
  }
  return problems.list;
}

function validateContainer(problems: Problems, at: FieldPath, now: Container, { old, isInit }: { old: Container; isInit: boolean }): void {
  const path = at.child('resources');
  if (equal(now.resources, old.resources)) return;
  if (isInit && !isSidecar(old)) return problems.forbidden(path, 'resources for non-sidecar init containers are immutable');
  for (const kind of ['requests', 'limits'] as const) {
    const [before = {}, after = {}] = [old.resources?.[kind], now.resources?.[kind]];
    if (Object.keys(before).some((name) => after[name] === undefined)) problems.forbidden(path.child(kind), `resource ${kind} cannot be removed`);
    const changed = new Set([...Object.keys(before), ...Object.keys(after)].filter((name) => before[name] !== after[name]));
    if ([...changed].some((name) => name !== 'cpu' && name !== 'memory')) problems.forbidden(specPath, 'only cpu and memory resources are mutable');
  }
  const [less, more] = [now.resources?.limits?.['memory'], old.resources?.limits?.['memory']];
  const restarts = now.resizePolicy?.some(({ resourceName, restartPolicy }) => resourceName === 'memory' && restartPolicy === 'RestartContainer');
  if (less !== undefined && more !== undefined && quantity(less).cmp(quantity(more)) < 0 && !restarts) problems.forbidden(path.child('limits'), 'memory limits cannot be decreased unless resizePolicy is RestartContainer');
}
