// A life of load balancers in a cloud, with a provider that somebody wrote.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { plain } from '../../../lib/book/plain-json.ts';
import type { CloudBalancer, CloudApi, LoadBalancer, Random } from '../../../lib/index.ts';

/** What one moment looked like: Services with their addresses, and the cloud's balancers. */
export interface Moment {
  addresses: Record<string, string[]>;
  balancers: CloudBalancer[];
  nodePorts: Record<string, number[]>;
  /** Whether somebody outside is answered at the address of team-a/web. */
  answered: boolean;
}

export interface CloudStory {
  made: Moment;
  lost: Moment;
  restarted: Moment;
  changed: Moment;
  fewer: Moment;
  deleted: Moment;
  others: CloudBalancer[];
  workers: string[];
}

/** Somebody else's, made by hand before the cluster was there. */
export const foreign = ['legacy', 'web'];
const namespaces = ['team-a', 'team-b'];

export function tellCloud(cluster: Cluster, random: Random, make: (api: CloudApi) => LoadBalancer): CloudStory {
  const { cloud, client } = cluster;
  const api = narrowed(cloud);
  cloud.use(() => make(api));
  const look = () => momentOf(cluster);
  for (const namespace of namespaces) service(cluster, namespace, 'web');
  cluster.advance('20s');
  const made = look();

  cloud.fail('RequestTimeout: no answer', { carriedOut: true });
  service(cluster, 'team-a', 'api');
  cluster.advance('1m');
  const lost = look();

  cluster.fault.crash('cloud-controller-manager');
  cluster.advance('5s');
  cluster.fault.start('cloud-controller-manager');
  cluster.advance('20s');
  const restarted = look();

  const port = 8000 + random.int(1000);
  client.patch('Service', { namespace: 'team-a', name: 'web' }, { spec: { ports: [{ port, targetPort: 80 }], loadBalancerSourceRanges: ['192.0.2.0/24'] } }, { type: 'merge' });
  cluster.advance('20s');
  const changed = look();

  cloud.terminate(random.pick(['worker-1', 'worker-2']));
  cluster.advance('3m');
  const fewer = look();

  cloud.fail('RequestTimeout: no answer', { carriedOut: true });
  for (const [namespace, name] of [['team-a', 'web'], ['team-a', 'api'], ['team-b', 'web']] as const) client.delete({ kind: 'Service', metadata: { namespace, name } });
  cluster.advance('2m');
  const deleted = look();
  const workers = cluster.client.list('Node').items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('worker'));
  return plain({ made, lost, restarted, changed, fewer, deleted, workers, others: deleted.balancers.filter(({ name }) => foreign.includes(name)) }) as CloudStory;
}

/** Only what is sold: no switch for faults. */
function narrowed(cloud: Cluster['cloud']): CloudApi {
  return {
    instances: () => cloud.instances(),
    balancers: () => cloud.balancers(),
    createBalancer: (order) => cloud.createBalancer(order),
    updateBalancer: (id, order) => cloud.updateBalancer(id, order),
    deleteBalancer: (id) => cloud.deleteBalancer(id),
    routes: () => cloud.routes(),
    createRoute: (route) => cloud.createRoute(route),
    deleteRoute: (name) => cloud.deleteRoute(name),
  };
}

function service({ client }: Cluster, namespace: string, name: string): void {
  client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } });
}

export async function startCloudStory({ cluster, kubectl }: { cluster: Cluster; kubectl: Cluster['kubectl'] }): Promise<void> {
  for (const namespace of namespaces) {
    await kubectl`create namespace ${namespace}`;
    cluster.settle();
    await kubectl`create deployment web --image=nginx --replicas=3 -n ${namespace}`;
  }
  for (const name of foreign) cluster.cloud.createBalancer({ name, listeners: [{ port: 80, protocol: 'TCP', nodePort: 0 }], machines: [] });
  cluster.advance('30s');
}

function momentOf(cluster: Cluster): Moment {
  const services = cluster.client.list('Service').items.filter(({ spec }) => spec.type === 'LoadBalancer');
  const key = ({ metadata }: (typeof services)[number]) => `${metadata.namespace}/${metadata.name}`;
  const addresses = Object.fromEntries(services.map((one) => [key(one), ((one.status?.loadBalancer?.ingress ?? []) as { ip?: string }[]).map(({ ip }) => ip ?? '')]));
  const web = services.find((one) => key(one) === 'team-a/web');
  const [address] = addresses['team-a/web'] ?? [];
  const answered = web !== undefined && address !== undefined && address !== '' && cluster.trace({ from: 'laptop', to: `${address}:${web.spec.ports![0]!.port}` }).error === undefined;
  return { addresses, balancers: [...cluster.cloud.balancers()], nodePorts: Object.fromEntries(services.map((one) => [key(one), (one.spec.ports ?? []).map(({ nodePort }) => nodePort!)])), answered };
}
