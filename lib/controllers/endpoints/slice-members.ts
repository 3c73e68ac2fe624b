// What each pod of a service is in its slices.
import { isPodReady, type Pod, type Service } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { hostnameOf, mayServe } from './ports.ts';
import { portsOf } from './slice-ports.ts';
import { type Desired, type Endpoint, portsKey, type SlicePort } from './slices.ts';
import { wantsHints } from './topology-hints.ts';

export type AddressType = 'IPv4' | 'IPv6';

/** A pod as part of a service. */
interface Member {
  key: string;
  ports: SlicePort[];
  endpoints: Partial<Record<AddressType, Endpoint>>;
}

const outside: Member = { key: '', ports: [], endpoints: {} };

/** A node of a pod is not there: the service is tried again later. */
export class MissingNode extends Error {}

export interface SliceMembers {
  /** The endpoints that a service should have, by their ports, and what is missing for others. */
  desired(service: Service, pods: Iterable<Pod>, type: AddressType): { groups: Map<string, Desired>; missing: MissingNode[] };
}

export function createSliceMembers(client: Client): SliceMembers {
  /** Of pods and services that have not changed: making and comparing their endpoints again costs nothing. */
  const known = new WeakMap<Service, WeakMap<Pod, Member>>();

  return {
    desired(service, pods, type) {
      const groups = new Map<string, Desired>();
      const missing: MissingNode[] = [];
      const isThere = nodesThere();
      for (const pod of pods) {
        const member = memberOf(service, pod);
        if (member !== outside && !isThere(pod.spec.nodeName!)) {
          const error = notFound(service, pod);
          if (error) {
            missing.push(error);
            continue;
          }
        }
        place(groups, member, type);
      }
      return { groups, missing };
    },
  };

  function nodesThere(): (name: string) => boolean {
    const there = new Map<string, boolean>();
    return (name) => {
      let known = there.get(name);
      if (known === undefined) there.set(name, (known = client.find('Node', { name }) !== undefined));
      return known;
    };
  }

  /** Until v1.24 nothing of the service was written; since then only the pod is left out. */
  function notFound({ metadata, spec }: Service, { metadata: { name }, spec: { nodeName } }: Pod): MissingNode | undefined {
    if (!client.version.has('endpointslice-skips-missing-node')) throw new MissingNode(`node ${JSON.stringify(nodeName)} not found`);
    return spec.publishNotReadyAddresses ? undefined : new MissingNode(`skipping Pod ${name} for Service ${metadata.namespace}/${metadata.name}: Node ${nodeName} Not Found`);
  }

  function belongs(service: Service, pod: Pod): boolean {
    if (!pod.status.podIP || !pod.spec.nodeName) return false;
    if (pod.metadata.deletionTimestamp && !service.spec.publishNotReadyAddresses && !client.version.has('endpointslice-serving')) return false;
    return mayServe(pod);
  }

  function memberOf(service: Service, pod: Pod): Member {
    let members = known.get(service);
    if (!members) known.set(service, (members = new WeakMap()));
    let member = members.get(pod);
    if (!member) members.set(pod, (member = belongs(service, pod) ? newMember(service, pod) : outside));
    return member;
  }

  function newMember(service: Service, pod: Pod): Member {
    const addresses = (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).map(({ ip }) => ip!);
    const [v4, v6] = [addresses.filter((ip) => !ip.includes(':')), addresses.filter((ip) => ip.includes(':'))];
    const ports = portsOf(service, pod, client.version);
    return {
      key: portsKey(ports),
      ports,
      endpoints: { ...(v4.length > 0 && { IPv4: newEndpoint(service, pod, v4) }), ...(v6.length > 0 && { IPv6: newEndpoint(service, pod, v6) }) },
    };
  }

  function newEndpoint(service: Service, pod: Pod, addresses: string[]): Endpoint {
    const { namespace, name, uid, resourceVersion } = pod.metadata;
    const serving = isPodReady(pod);
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    const ready = (service.spec.publishNotReadyAddresses ?? false) || (serving && !terminating);
    const hostname = hostnameOf(pod, service);
    const place = placeOf(pod.spec.nodeName!);
    // KEP-4444: whoever is in the zone of a ready endpoint goes there.
    const near = !wantsHints(service, client.version) && ready && place['zone'] !== undefined && service.spec.trafficDistribution === 'PreferClose' && client.version.has('traffic-distribution');
    return {
      addresses,
      conditions: client.version.has('endpointslice-serving') ? { ready, serving, terminating } : { ready },
      ...(hostname && { hostname }),
      ...place,
      ...(near && { hints: { forZones: [{ name: place['zone'] }] } }),
      targetRef: { kind: 'Pod', namespace, name, uid, ...(!client.version.has('endpoint-target-no-version') && { resourceVersion }) },
    } as Endpoint;
  }

  function placeOf(nodeName: string): Record<string, unknown> {
    const labels = client.find('Node', { name: nodeName })?.metadata.labels ?? {};
    const zone = labels['topology.kubernetes.io/zone'];
    const region = labels['topology.kubernetes.io/region'];
    if (client.version.has('endpointslice-node-name')) return { nodeName, ...(zone && { zone }) };
    return { topology: { 'kubernetes.io/hostname': nodeName, ...(zone && { 'topology.kubernetes.io/zone': zone }), ...(region && { 'topology.kubernetes.io/region': region }) } };
  }
}

function place(groups: Map<string, Desired>, { key, ports, endpoints }: Member, type: AddressType): void {
  const endpoint = endpoints[type];
  if (!endpoint) return;
  let group = groups.get(key);
  if (!group) groups.set(key, (group = { ports, endpoints: new Map() }));
  group.endpoints.set(endpoint.addresses[0]!, endpoint);
}
