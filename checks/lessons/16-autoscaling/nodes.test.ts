// What exercise scale-4 takes for right is what the cluster autoscaler does.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../../lib/index.ts';
import { countsOf, type Counts, type Rush } from './nodes.ts';

function lived({ cpu, min, max, daemon, pods, request, idle }: Rush): Counts {
  const cluster = createCluster({ cloud: { nodeGroups: [{ name: 'pool', min, max, cpus: cpu / 1000 }], autoscaler: true } });
  const { client } = cluster;
  const template = (app: string, millicores: number, more: object = {}) => ({ metadata: { labels: { app } }, spec: { ...more, containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: `${millicores}m` } } }] } });
  const make = (kind: string, app: string, template: object, more: object) => client.create({ apiVersion: 'apps/v1', kind, metadata: { name: app, namespace: 'default' }, spec: { selector: { matchLabels: { app } }, template, ...more } });
  const nodes = () => client.list('Node').items.length - 1;
  cluster.advance('1m');
  // Which pod a new node gets first is a race, here as in Kubernetes: an agent that must be there has this priority.
  if (daemon > 0) make('DaemonSet', 'agent', template('agent', daemon, { priorityClassName: 'system-node-critical' }), {});
  make('Deployment', 'web', template('web', request), { replicas: pods });
  cluster.advance('3m');
  const burst = { nodes: nodes(), pending: client.list('Pod', { namespace: 'default' }).items.filter(({ status }) => status.phase === 'Pending').length };
  client.patch('Deployment', { namespace: 'default', name: 'web' }, { spec: { replicas: 0 } }, { type: 'merge' });
  cluster.advance(`${idle}m`);
  return { ...burst, later: nodes() };
}

for (const rush of [
  { cpu: 2000, min: 1, max: 6, daemon: 0, pods: 9, request: 900, idle: 8 },
  { cpu: 2000, min: 2, max: 6, daemon: 200, pods: 7, request: 1000, idle: 13 },
  { cpu: 4000, min: 1, max: 3, daemon: 100, pods: 40, request: 300, idle: 13 },
]) {
  test(`a rush of ${rush.pods} pods`, () => assert.equal(lived(rush), countsOf(rush)));
}

test.run();
