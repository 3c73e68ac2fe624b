// Limit ranges: what a container asks for when it does not say, and the bounds of what may be asked for.
import type { KubeObject, LimitRangeItem, Pod } from '../../api/index.ts';
import { refuse } from './refuse.ts';
import type { Admission, Attributes } from './index.ts';
import { limitProblems } from './limits.ts';

const annotation = 'kubernetes.io/limit-ranger';

function rangesFor({ operation, request, object, old, parts }: Attributes): readonly KubeObject[] {
  // What a pod asks for does not change, except by a resize.
  const changes = operation === 'CREATE' || (operation === 'UPDATE' && request.resource.kind === 'PersistentVolumeClaim') || request.subresource === 'resize';
  if (!object || !changes || (request.subresource && request.subresource !== 'resize') || old?.metadata.deletionTimestamp) return [];
  return parts.storage.all(parts.resourceOf('LimitRange'), request.namespace);
}

type Resources = { requests?: Record<string, string>; limits?: Record<string, string> };

/** Adds what is missing; returns its names. */
function fill(resources: Resources, part: keyof Resources, defaults: Record<string, string>): string[] {
  const missing = Object.keys(defaults).filter((name) => resources[part]?.[name] === undefined);
  if (missing.length > 0) resources[part] = { ...resources[part], ...Object.fromEntries(missing.map((name) => [name, defaults[name]!])) };
  return missing.sort();
}

function setDefaults(pod: Pod, items: readonly LimitRangeItem[]): void {
  const ofContainers = items.filter(({ type }) => type === 'Container');
  const requests = Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest));
  const limits = Object.assign({}, ...ofContainers.map((item) => item.default));
  const said: string[] = [];
  for (const [what, list] of [['container', pod.spec.containers], ['init container', pod.spec.initContainers ?? []]] as const) {
    for (const container of list) {
      const resources = { ...container.resources };
      const [request, limit] = [fill(resources, 'requests', requests), fill(resources, 'limits', limits)];
      if (request.length > 0) said.push(`${request.join(', ')} request for ${what} ${container.name}`);
      if (limit.length > 0) said.push(`${limit.join(', ')} limit for ${what} ${container.name}`);
      if (request.length + limit.length > 0) container.resources = resources;
    }
  }
  if (said.length > 0) pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` };
}

export const limitRanger: Admission = {
  name: 'LimitRanger',
  kinds: ['Pod', 'PersistentVolumeClaim'],
  admit(attributes) {
    if (attributes.request.resource.kind !== 'Pod') return;
    for (const { spec } of rangesFor(attributes)) setDefaults(attributes.object as Pod, spec.limits ?? []);
  },
  validate(attributes) {
    for (const { spec } of rangesFor(attributes)) {
      const problems = [...new Set(limitProblems(attributes.object!, spec.limits ?? [], attributes.parts.version))];
      if (problems.length > 0) throw refuse(attributes, problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]!);
    }
  },
};
