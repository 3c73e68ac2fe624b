// What the recordings of kube-proxy have in common: services and slices, changed step by step, and the node they are for.
import type { EndpointSlice, Service } from '../../../lib/api/index.ts';
import { byKey, endpointsOf, familyOf, type ProxyConfig, type ProxyState, servicePortsOf } from '../../../lib/network/index.ts';
import type { TestCase } from '../replayer.ts';

interface Step {
  addServices?: Service[];
  updateServices?: Service[];
  deleteServices?: string[];
  addSlices?: EndpointSlice[];
  updateSlices?: EndpointSlice[];
  deleteSlices?: string[];
}

const nameOf = ({ metadata: { namespace, name } }: { metadata: { namespace?: string; name: string } }) => `${namespace}/${name}`;

export function configOf({ config }: TestCase): ProxyConfig {
  return { ...config, family: familyOf(config.nodeIP), localAddresses: [config.nodeIP] };
}

/** What kube-proxy knows after each step. */
export function* statesOf({ services = [], endpointSlices = [], steps, config }: TestCase): Generator<ProxyState> {
  const family = familyOf(config.nodeIP);
  const [known, slices] = [new Map<string, Service>(), new Map<string, EndpointSlice>()];
  const take = <T extends { metadata: { namespace?: string; name: string } }>(map: Map<string, T>, more: T[] = []) => more.forEach((one) => map.set(nameOf(one), one));
  const first: Step = { addServices: services, addSlices: endpointSlices };
  const unknown = new Set<string>();
  for (const step of [first, ...((steps ?? []) as Step[])]) {
    for (const field of Object.keys(step)) if (!/^(title|(add|update|delete)(Services|Slices))$/.test(field)) unknown.add(field);
    if (unknown.size > 0) throw new Error(`steps with ${[...unknown].join(', ')}`);
    take(known, [...(step.addServices ?? []), ...(step.updateServices ?? [])]);
    take(slices, [...(step.addSlices ?? []), ...(step.updateSlices ?? [])]);
    for (const name of step.deleteServices ?? []) known.delete(name);
    for (const name of step.deleteSlices ?? []) slices.delete(name);
    const grouped = new Map<string, EndpointSlice[]>();
    for (const slice of slices.values()) {
      const service = `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}`;
      grouped.set(service, [...(grouped.get(service) ?? []), slice]);
    }
    yield {
      ports: byKey([...known.values()].flatMap((service) => servicePortsOf(service, family))),
      endpoints: new Map([...grouped].flatMap(([service, some]) => [...endpointsOf(service, some, { family, hostname: config.hostname })])),
    };
  }
}

