// The cases that were recorded one after another against the same API server: kubeadm's, and what kubectl shows after them.
import { createCluster } from '../../../lib/cluster/index.ts';
import { InProcessClient } from '../../../lib/client/index.ts';
import type { KubeadmOptions } from '../../../lib/install/index.ts';
import type { TestCase } from '../replayer.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** An API server of v1.20, which is what kubeadm v1.20 installs, with nodes that have no kubelet. Nobody signed cluster-info in the recording. */
function openCluster() {
  const cluster = createCluster({ version: 'v1.20', nodes: 0, kubelets: false, scheduler: false, controllers: { bootstrapsigner: false }, serviceCIDR: '10.96.0.0/12' });
  const { client, server, loop } = cluster;
  for (const name of ['cp1', 'node1', 'node2', 'node3']) {
    const labels = { 'kubernetes.io/hostname': name, ...(name !== 'cp1' && { 'kubernetes.io/os': 'linux' }) };
    client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, ...(name === 'cp1' && { spec: { unschedulable: true } }) } as never);
  }
  cluster.advance('10s');
  const api: KubeadmOptions['api'] = ({ user, groups }) => new InProcessClient({ server, loop, random: client.random.fork('kubeadm'), name: 'kubeadm', user, groups: [...groups, 'system:authenticated'] });
  return { cluster, api };
}

export const isClusterCase = ({ id }: TestCase): boolean => id.startsWith('cluster-');

type Outcomes = Map<string, Ran>;
const known = new WeakMap<readonly TestCase[], Outcomes>();

/** What each of them said. `type` runs a line of kubeadm on the machine. */
export function inOrder(cases: readonly TestCase[], machineWith: (api: KubeadmOptions['api'], now: number) => (argv: readonly string[]) => Ran): Outcomes {
  const before = known.get(cases);
  if (before) return before;
  const { cluster, api } = openCluster();
  const type = machineWith(api, Date.parse(cluster.now));
  const outcomes: Outcomes = new Map(cases.map(({ id, argv }) => [id, typed(argv)]));
  known.set(cases, outcomes);
  return outcomes;

  function typed(argv: readonly string[]): Ran {
    cluster.advance('1s');
    // kubectl 1.20 shows who owns which field without being asked.
    if (argv[0] === 'kubectl') return cluster.kubectl.run(argv.includes('yaml') ? [...argv.slice(1), '--show-managed-fields'] : argv.slice(1));
    return type(argv);
  }
}
