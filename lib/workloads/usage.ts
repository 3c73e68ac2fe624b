// What a container uses while nobody asks anything of it.
// Differs from Kubernetes: round figures, about those that `kubectl top` shows of idle processes, and always the same.

/** Nanoseconds of CPU time that the start of a process takes. */
export const startCost = 25e6;

/** Bytes of a process of which nothing else is known. */
export const leastMemory = 512 * 1024;

/** CPUs, by the name of the program: what has timers of its own never rests. */
const idle: Readonly<Record<string, number>> = {
  'redis-server': 0.002,
  mysqld: 0.006,
  mongod: 0.006,
  postgres: 0.001,
  memcached: 0.001,
  coredns: 0.002,
  'metrics-server': 0.003,
  'nginx-ingress-controller': 0.002,
  'kube-apiserver': 0.05,
  'kube-controller-manager': 0.02,
  'kube-scheduler': 0.004,
  'kube-proxy': 0.001,
  etcd: 0.02,
  flanneld: 0.005,
  fluentd: 0.003,
  prometheus: 0.005,
};

/** `docker-entrypoint.sh redis-server` is a redis-server. */
export function idleCores(argv: readonly string[]): number {
  for (const word of argv.slice(0, 2)) {
    const cores = idle[word.slice(word.lastIndexOf('/') + 1)];
    if (cores !== undefined) return cores;
  }
  return 0;
}
