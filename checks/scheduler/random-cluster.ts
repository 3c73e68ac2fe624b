// Random clusters for tests: nodes with zones, taints and images; pods with every kind of wish.
import type { KubeObject, Node, Pod } from '../../lib/api/index.ts';
import type { Random } from '../../lib/sim/index.ts';

const zones = ['a', 'b', 'c'];
const apps = ['web', 'db', 'cache', 'api'];
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

const metadata = (name: string) => ({ name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' });
const often = (random: Random, share: number) => random.next() < share;

export function randomNode(random: Random, i: number): Node {
  const labels: Record<string, string> = { [hostname]: `node-${i}` };
  if (often(random, 0.9)) labels[zone] = random.pick(zones);
  if (often(random, 0.4)) labels['disk'] = random.pick(['ssd', 'hdd']);
  const taints = [];
  if (often(random, 0.1)) taints.push({ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' as const });
  if (often(random, 0.2)) taints.push({ key: 'slow', effect: 'PreferNoSchedule' as const });
  const images = often(random, 0.4) ? [{ names: [`${random.pick(apps)}:1`], sizeBytes: 400_000_000 }] : [];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...metadata(`node-${i}`), labels },
    spec: { ...(taints.length > 0 && { taints }), ...(often(random, 0.05) && { unschedulable: true }) },
    status: { allocatable: { cpu: `${2 + random.int(7)}`, memory: `${4 + random.int(12)}Gi`, pods: `${5 + random.int(20)}` }, images },
  };
}

/** A pod like a template makes them: the `i`th of its kind differs only in name. */
export function randomTemplate(random: Random): (i: number) => Pod {
  const app = random.pick(apps);
  const labelSelector = { matchLabels: { app: random.pick(apps) } };
  const term = { labelSelector, topologyKey: random.pick([hostname, zone]) };
  const podAffinity = often(random, 0.2) ? { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 + random.int(100), podAffinityTerm: term }] } } : {};
  const required = often(random, 0.1) ? { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } : podAffinity;
  const anti = often(random, 0.2) ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: hostname }] } } : {};
  const preferred = often(random, 0.3) ? { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } }] } } : {};
  const spread = often(random, 0.3) ? [{ maxSkew: 1 + random.int(2), topologyKey: random.pick([hostname, zone]), whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway'] as const), labelSelector: { matchLabels: { app } } }] : undefined;
  const requests = often(random, 0.8) ? { cpu: `${50 + random.int(400)}m`, memory: `${64 + random.int(512)}Mi` } : undefined;
  const spec = {
    schedulerName: 'default-scheduler',
    priority: random.int(2),
    ...(often(random, 0.2) && { nodeSelector: { disk: 'ssd' } }),
    ...(often(random, 0.3) && { tolerations: [{ key: 'dedicated', operator: 'Exists' as const }] }),
    affinity: { ...required, ...anti, ...preferred },
    ...(spread && { topologySpreadConstraints: spread }),
    containers: [{ name: 'c', image: `${app}:1`, resources: requests ? { requests } : {}, ...(often(random, 0.1) && { ports: [{ containerPort: 80, hostPort: 8000 + random.int(3), protocol: 'TCP' as const }] }) }],
  };
  const name = `${app}-${random.suffix()}`;
  return (i) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata(`${name}-${i}`), namespace: 'default', labels: { app } }, spec, status: { phase: 'Pending' } });
}

export const services: KubeObject[] = apps.slice(0, 2).map((app) => ({ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata(app), namespace: 'default' }, spec: { selector: { app } } }));
