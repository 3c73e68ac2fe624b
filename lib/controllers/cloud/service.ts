// Services of type LoadBalancer get what they ask for from the cloud (cloud-provider/controllers/service).
import { isNotFound, type Node, type Service } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, keyOf, keyText } from '../../client/index.ts';
import type { LoadBalancer } from './provider.ts';
import { type Balancers, cleanUp, ensure, type Known, nodesChanged, removed } from './service-balancer.ts';
import { changeOf, needsCleanup, wantsLoadBalancer } from './service-changes.ts';
import { leadsToChanged } from './service-nodes.ts';
import { writeStatus } from './service-writes.ts';

export interface ServiceOptions {
  loadBalancer: LoadBalancer;
}

const everyBalancer: Key = { namespace: ':', name: 'nodes' };
/** After an error 5 s, 10 s, 20 s … up to 5 minutes. */
const [firstRetry, longestRetry] = [5000, 300_000];

export function serviceController(client: Client, { loadBalancer }: ServiceOptions): Controller {
  const balancers: Balancers = { client, loadBalancer, known: new Map() };
  const { known } = balancers;

  return {
    name: 'service',
    watches: [
      forMapped('Service', (event: CacheEvent<Service>) => serviceChanged(balancers, event)),
      forMapped('Node', (event: CacheEvent<Node>) => (leadsToChanged(event, client.version) && known.size > 0 ? [everyBalancer] : [])),
    ],
    reconcile(request) {
      if (request.namespace === everyBalancer.namespace) return [...known.values()].forEach((entry) => nodesChanged(balancers, entry));
      try {
        return sync(balancers, request);
      } catch (error) {
        return retry(balancers, request, error as Error);
      }
    },
  };
}

function serviceChanged({ client, known }: Balancers, { type, object: service, old }: CacheEvent<Service>): Key[] {
  if (type === 'DELETED') return known.has(keyText(keyOf(service))) ? [keyOf(service)] : [];
  if (type === 'ADDED') return wantsLoadBalancer(service, client.version) || needsCleanup(service) ? [keyOf(service)] : [];
  const change = changeOf(old!, service, client.version);
  if (change && change !== 'silent' && !client.version.has('quiet-service-changes')) client.event(service, 'Normal', change.reason, change.message);
  return change || needsCleanup(service) ? [keyOf(service)] : [];
}

function sync(balancers: Balancers, key: Key): void | { requeueAfter: number } {
  const { client, known } = balancers;
  const service = client.find('Service', key);
  const before = known.get(keyText(key));
  if (before?.answer) return awaitAnswer(balancers, before);
  if (before && before.service.metadata.uid !== service?.metadata.uid) removed(balancers, before);
  if (!service) return;
  const wanted = wantsLoadBalancer(service, client.version);
  if (!wanted && !needsCleanup(service) && !before) return;
  const entry: Known = known.get(keyText(key)) ?? { service, nodes: [], failures: 0 };
  known.set(keyText(key), entry);
  entry.service = service;
  if (!wanted || needsCleanup(service)) return cleanUp(balancers, service);
  ensure(balancers, entry);
  return awaitAnswer(balancers, entry);
}

/** Until the cloud has answered the Service waits; what has become of it meanwhile is looked at afterwards. */
function awaitAnswer(balancers: Balancers, entry: Known): void | { requeueAfter: number } {
  const { client } = balancers;
  const { service, answer } = entry;
  if (client.clock.now < answer!.due) return { requeueAfter: answer!.due - client.clock.now };
  entry.answer = undefined;
  entry.failures = 0;
  client.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
  writeStatus(client, service, answer!.status);
  const now = client.find('Service', keyOf(service));
  const changed = !now || now.metadata.uid !== service.metadata.uid || needsCleanup(now) || changeOf(service, now, client.version);
  return changed ? sync(balancers, keyOf(service)) : undefined;
}

function retry({ client, known }: Balancers, key: Key, error: Error): { requeueAfter: number } {
  const entry = known.get(keyText(key));
  const service = client.find('Service', key);
  if (service && !isNotFound(error)) client.event(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${error.message}`);
  const failures = entry ? entry.failures++ : 0;
  return { requeueAfter: Math.min(firstRetry * 2 ** failures, longestRetry) };
}
