// What a new cluster holds before anybody has asked for anything: kube-apiserver makes it at its first start.
import { IPRange, type Manifest } from '../api/index.ts';
import type { ApiServer } from '../apiserver/index.ts';
import type { Client } from '../client/index.ts';

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const priorities: [string, number, string][] = [
  ['system-cluster-critical', 2_000_000_000, 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'],
  ['system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.'],
];

/** Writes the first objects, those of them that are not there yet. `address` is where the API server listens. */
export function bootstrap(server: ApiServer, apiserver: Client, { address, serviceCIDR }: { address: string; serviceCIDR: string }): void {
  const client = { create: (object: Manifest) => void (exists(server, object) || apiserver.create(object)) };
  for (const name of namespaces) client.create({ kind: 'Namespace', metadata: { name } });
  for (const [name, value, description] of priorities) client.create({ kind: 'PriorityClass', metadata: { name }, value, description });
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const metadata = { name: 'kubernetes', namespace: 'default' };
  client.create({
    kind: 'Service',
    metadata: { ...metadata, labels },
    spec: { type: 'ClusterIP', clusterIP: new IPRange(serviceCIDR.split(',')[0]!).at(0), ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] },
  });
  const mirrored = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }];
  client.create({ kind: 'Endpoints', metadata: { ...metadata, labels: mirrored }, subsets: [{ addresses: [{ ip: address }], ports }] } as Manifest);
  client.create({
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: address.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports,
  } as Manifest);
}

const exists = (server: ApiServer, { kind = '', metadata = {} }: Manifest) => server.storage.find(server.resourceOf(kind), metadata.namespace, metadata.name ?? '') !== undefined;
