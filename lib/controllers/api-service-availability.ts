// Says of every APIService that another server answers whether it can be reached (kube-aggregator, pkg/controllers/status).
import { equal, type KubeObject } from '../api/index.ts';
import { type Client, type Controller, forMapped, forObject } from '../client/index.ts';
import { timestamp } from '../sim/index.ts';

interface Verdict {
  status: 'True' | 'False';
  reason: string;
  message: string;
}

interface Condition extends Verdict {
  type: string;
  lastTransitionTime?: string;
}

/** The time stays while the status does. */
function withVerdict(conditions: readonly Condition[] = [], { status, reason, message }: Verdict, now: string): Condition[] {
  const old = conditions.find(({ type }) => type === 'Available');
  const next = { type: 'Available', status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now, reason, message };
  return old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next];
}

const resync = 30_000;
const [firstRetry, lastRetry] = [5_000, 30_000];

/** `probe` asks for the discovery of its group: what is wrong, or nothing. */
export function apiServiceAvailabilityController(client: Client, probe: (service: KubeObject) => string | undefined): Controller {
  const failures = new Map<string, number>();
  const behind = ({ object: { metadata } }: { object: KubeObject }) =>
    [...client.cache('APIService')].filter(({ spec }) => spec.service?.name === metadata.name && spec.service.namespace === metadata.namespace).map((one) => ({ name: one.metadata.name }));

  function verdictOf(service: KubeObject): Verdict {
    const { name, namespace, port } = service.spec.service;
    const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
    const found = client.find('Service', { namespace, name });
    if (!found) return no('ServiceNotFound', `service/${name} in "${namespace}" is not present`);
    if (found.spec.type === 'ClusterIP') {
      const listening = found.spec.ports?.find((one) => one.port === port);
      if (!listening) return no('ServicePortError', `service/${name} in "${namespace}" is not listening on port ${port}`);
      const endpoints = client.find('Endpoints', { namespace, name });
      if (!endpoints) return no('EndpointsNotFound', `cannot find endpoints for service/${name} in "${namespace}"`);
      const portName = listening.name ?? '';
      const active = (endpoints.subsets ?? []).some(({ addresses, ports }) => addresses?.length && ports?.some((one) => (one.name ?? '') === portName));
      if (!active) return no('MissingEndpoints', `endpoints for service/${name} in "${namespace}" have no addresses with port name "${portName}"`);
    }
    const fault = probe(service);
    return fault === undefined ? { status: 'True', reason: 'Passed', message: 'all checks passed' } : no('FailedDiscoveryCheck', fault);
  }

  return {
    name: 'apiservice-availability',
    watches: [forObject('APIService'), forMapped('Service', behind), forMapped('Endpoints', behind)],
    reconcile({ name }) {
      const service = client.find('APIService', { name }) as KubeObject | undefined;
      if (!service?.spec.service) return;
      const verdict = verdictOf(service);
      const conditions = withVerdict(service.status?.conditions, verdict, timestamp(client.clock.now));
      if (!equal(conditions, service.status?.conditions)) client.updateStatus(service, { conditions });
      const failed = verdict.reason === 'FailedDiscoveryCheck' ? (failures.get(name) ?? 0) + 1 : 0;
      failures.set(name, failed);
      return { requeueAfter: failed > 0 ? Math.min(firstRetry * 2 ** (failed - 1), lastRetry) : resync };
    },
  };
}
