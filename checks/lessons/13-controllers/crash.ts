// The controller manager dies between two of its writes.
import type { Cluster } from '../../../lib/book/exercise.ts';

const manager = 'kube-controller-manager';
const reads = new Set(['get', 'list', 'watch']);

/** After so many writes of pods from now on the process is gone: its next request finds nobody, and it forgets what it knew. */
export function crashAfter(cluster: Cluster, writes: number): void {
  const { server, loop } = cluster;
  const [handle, pump] = [server.handle, loop.pump];
  let [left, dead] = [writes, false];
  server.handle = function (request) {
    if (request.userAgent !== manager) return handle.call(server, request);
    if (dead) throw new Error('dial tcp: connect: connection refused');
    const answer = handle.call(server, request);
    if (reads.has(request.verb) || request.resource.kind !== 'Pod' || --left > 0) return answer;
    dead = true;
    cluster.fault.crash(manager);
    throw new Error('dial tcp: connect: connection refused');
  };
  // The step in which it died ends here, or it never wrote so much.
  loop.pump = () => {
    pump();
    if (!dead) return;
    server.handle = handle;
    loop.pump = pump;
  };
}
