// A pod that names a RuntimeClass gets its overhead, its node selector and its tolerations.
import { equal, forbidden, type KubeObject, type Toleration } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';

function refuse({ request, object }: Attributes, why: string) {
  return forbidden(request.resource, object!.metadata.name || '', `pod rejected: ${why}`);
}

/** The class of a new pod; undefined when it names none. */
function classOf(attributes: Attributes): KubeObject | undefined {
  const { operation, request, object, parts } = attributes;
  const name: string | undefined = object?.spec.runtimeClassName;
  if (operation !== 'CREATE' || request.subresource || !name) return undefined;
  const found = parts.find('RuntimeClass', { name });
  if (!found) throw refuse(attributes, `RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

function schedule(attributes: Attributes, { nodeSelector, tolerations = [] }: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] }): void {
  const { spec } = attributes.object!;
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) throw forbidden(attributes.request.resource, attributes.object!.metadata.name || '', `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
  }
  if (nodeSelector) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const missing = tolerations.filter((toleration) => !(spec.tolerations ?? []).some((own: Toleration) => equal(own, toleration)));
  if (missing.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...missing];
}

export const runtimeClass: Admission = {
  name: 'RuntimeClass',
  kinds: ['Pod'],
  admit(attributes) {
    const found = classOf(attributes);
    const podFixed = found?.overhead?.podFixed;
    const { spec } = attributes.object ?? {};
    if (podFixed && attributes.parts.version.has('pod-overhead')) {
      if (spec.overhead && !equal(spec.overhead, podFixed)) throw refuse(attributes, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
      spec.overhead = { ...podFixed };
    }
    if (found?.scheduling) schedule(attributes, found.scheduling);
  },
  validate(attributes) {
    const { operation, request, object, parts } = attributes;
    if (operation !== 'CREATE' || request.subresource || !object?.spec.overhead || !parts.version.has('pod-overhead')) return;
    if (!classOf(attributes)?.overhead) throw refuse(attributes, 'Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};
