// cluster-autoscaler in a pod: it reads its flags, and then the cluster is in its hands.
// Differs from Kubernetes: it logs the few lines that decide; what it watches is not asked of its service account's rights.
import type { Program } from '../program.ts';
import { klog } from './metrics-server/log.ts';

const MiB = 1024 * 1024;

export const clusterAutoscaler: Program = (process) => {
  const argv = process.argv.slice(1);
  process.useMemory(60 * MiB);
  process.listen(8085, ({ path }) => (path === '/health-check' ? { status: 200, body: 'OK' } : { status: 404, body: '404 page not found\n' }));
  try {
    if (!process.runComponent?.({ name: 'cluster-autoscaler', argv, log: (at, line, severity = 'I') => klog(process, severity, at, line) })) throw new Error('no cluster');
  } catch (error) {
    klog(process, 'E', 'main.go:320', (error as Error).message);
    process.after(10, () => process.exit(255));
  }
  return { terminate: { after: 100, exitCode: 0 } };
};
