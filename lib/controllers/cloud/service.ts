// Services of type LoadBalancer get what they ask for from the cloud (cloud-provider/controllers/service).
import { isNotFound, type Node, type Service } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { keyOf } from '../shared/owners.ts';
import type { LoadBalancer, LoadBalancerStatus } from './provider.ts';
import { changeOf, hasFinalizer, needsCleanup, wantsLoadBalancer, type Change } from './service-changes.ts';
import { leadsToChanged, mayLeadTo, sameNodes } from './service-nodes.ts';
import { serviceWrites } from './service-writes.ts';

export interface ServiceOptions {
  loadBalancer: LoadBalancer;
}

/** What this controller remembers of a Service: it loses it when it is started anew. */
interface Known {
  service: Service;
  /** The nodes that the balancer was last told of. */
  nodes: readonly Node[];
  /** An answer of the cloud that is on its way; nothing else is done for the Service meanwhile. */
  answer?: { status: LoadBalancerStatus; due: number } | undefined;
  failures: number;
}

const everyBalancer: Key = { namespace: ':', name: 'nodes' };
/** After an error 5 s, 10 s, 20 s … up to 5 minutes. */
const [firstRetry, longestRetry] = [5000, 300_000];

export function serviceController(client: Client, { loadBalancer }: ServiceOptions): Controller {
  const { version, clock } = client;
  const writes = serviceWrites(client);
  const known = new Map<string, Known>();
  const nodes = () => [...client.cache('Node')].filter((node) => mayLeadTo(node, version));
  const textOf = ({ namespace, name }: Key) => `${namespace}/${name}`;

  return {
    name: 'service',
    watches: [forMapped('Service', serviceChanged), forMapped('Node', (event: CacheEvent<Node>) => (leadsToChanged(event, version) && known.size > 0 ? [everyBalancer] : []))],
    reconcile(request) {
      if (request.namespace === everyBalancer.namespace) return void [...known.values()].forEach(nodesChanged);
      try {
        return sync(request);
      } catch (error) {
        return retry(request, error as Error);
      }
    },
  };

  function serviceChanged({ type, object: service, old }: CacheEvent<Service>): Key[] {
    if (type === 'DELETED') return known.has(textOf(keyOf(service))) ? [keyOf(service)] : [];
    if (type === 'ADDED') return wantsLoadBalancer(service, version) || needsCleanup(service) ? [keyOf(service)] : [];
    const change = changeOf(old!, service, version);
    tell(service, change);
    return change || needsCleanup(service) ? [keyOf(service)] : [];
  }

  function tell(service: Service, change: Change | undefined): void {
    if (change && change !== 'silent' && !version.has('quiet-service-changes')) client.event(service, 'Normal', change.reason, change.message);
  }

  function sync(key: Key): void | { requeueAfter: number } {
    const service = client.find('Service', key);
    const before = known.get(textOf(key));
    if (before?.answer) return awaited(key, before);
    if (before && before.service.metadata.uid !== service?.metadata.uid) removed(key, before);
    if (!service) return;
    const wanted = wantsLoadBalancer(service, version);
    if (!wanted && !needsCleanup(service) && !before) return;
    const entry: Known = known.get(textOf(key)) ?? { service, nodes: [], failures: 0 };
    known.set(textOf(key), entry);
    entry.service = service;
    if (!wanted || needsCleanup(service)) return cleanUp(key, service);
    return ensure(key, entry);
  }

  function ensure(key: Key, entry: Known): void | { requeueAfter: number } {
    const { service } = entry;
    client.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    if (!hasFinalizer(service)) writes.addFinalizer(service);
    const targets = nodes();
    if (targets.length === 0) client.event(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
    entry.nodes = targets;
    const status = attempt('failed to ensure load balancer', () => loadBalancer.ensureLoadBalancer(service, targets));
    if (!status) throw new Error('service status returned by EnsureLoadBalancer is nil');
    entry.answer = { status, due: clock.now + (status.took ?? 0) };
    return awaited(key, entry);
  }

  /** Until the cloud has answered the Service waits; what has become of it meanwhile is looked at afterwards. */
  function awaited(key: Key, entry: Known): void | { requeueAfter: number } {
    const { status, due } = entry.answer!;
    if (clock.now < due) return { requeueAfter: due - clock.now };
    entry.answer = undefined;
    entry.failures = 0;
    client.event(entry.service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    writes.status(entry.service, status);
    const now = client.find('Service', key);
    const meanwhile = !now || now.metadata.uid !== entry.service.metadata.uid || needsCleanup(now) || changeOf(entry.service, now, version);
    return meanwhile ? sync(key) : undefined;
  }

  function cleanUp(key: Key, service: Service): void {
    const exists = attempt('failed to check if load balancer exists before cleanup', () => loadBalancer.getLoadBalancer(service));
    if (exists) {
      client.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
      attempt('failed to delete load balancer', () => loadBalancer.ensureLoadBalancerDeleted(service));
    }
    if (hasFinalizer(service)) writes.removeFinalizer(service);
    client.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
    writes.status(service, {});
    known.delete(textOf(key));
  }

  /** It went without having been asked for: somebody took its finalizer off. */
  function removed(key: Key, { service }: Known): void {
    if (wantsLoadBalancer(service, version)) {
      client.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
      try {
        loadBalancer.ensureLoadBalancerDeleted(service);
      } catch (error) {
        client.event(service, 'Warning', 'DeleteLoadBalancerFailed', `Error deleting load balancer: ${(error as Error).message}`);
        throw error;
      }
      client.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
    }
    known.delete(textOf(key));
  }

  function nodesChanged(entry: Known): void {
    const targets = nodes();
    if (!wantsLoadBalancer(entry.service, version) || sameNodes(entry.nodes, targets)) return;
    try {
      loadBalancer.updateLoadBalancer(entry.service, targets);
      entry.nodes = targets;
      if (targets.length === 0) client.event(entry.service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
      else client.event(entry.service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
    } catch (error) {
      if (!loadBalancer.getLoadBalancer(entry.service)) return;
      client.event(entry.service, 'Warning', 'UpdateLoadBalancerFailed', `Error updating load balancer with new hosts [${targets.map(({ metadata }) => metadata.name).join(' ')}]: ${(error as Error).message}`);
      throw error;
    }
  }

  function retry(key: Key, error: Error): { requeueAfter: number } {
    const entry = known.get(textOf(key));
    const service = client.find('Service', key);
    if (service && !isNotFound(error)) client.event(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${error.message}`);
    const failures = entry ? entry.failures++ : 0;
    return { requeueAfter: Math.min(firstRetry * 2 ** failures, longestRetry) };
  }
}

/** The error says what was tried. */
function attempt<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`);
  }
}
