// Who reaches whom: asked with real requests.
import type { Cluster } from '../../../lib/book/exercise.ts';

/** True when `from` (`dev/client`) gets an answer from `to` (`prod/web`) on a port. */
export function reaches(cluster: Cluster, from: string, { to, port = 8080 }: { to: string; port?: number }): boolean {
  const [namespace = '', name = ''] = to.split('/');
  const ip = cluster.client.find('Pod', { namespace, name })?.status.podIP ?? '';
  const [space, pod] = from.split('/');
  return cluster.kubectl.run(['exec', '-n', space!, pod!, '--', 'wget', '-qO-', '-T', '1', `http://${ip}:${port}/hostname`]).code === 0;
}

export const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

/** Pods that can both ask and answer. */
export function makePod(cluster: Cluster, at: string, labels: Record<string, string>): void {
  const [namespace, name] = at.split('/');
  const spec = { containers: [{ name: 'app', image, args: ['netexec', '--http-port=8080'], ports: [{ name: 'http', containerPort: 8080 }] }] };
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: name!, namespace: namespace!, labels }, spec });
}
