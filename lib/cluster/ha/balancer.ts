// The load balancer before several API servers, and who is connected to which of them.

/** One API server. */
export interface Front {
  /** Its machine. */
  readonly name: string;
  readonly ip: string;
  /** True when it takes connections. */
  up(): boolean;
  /** True when it reaches an etcd that has a leader and a majority. */
  etcdAnswers(): boolean;
  /** Requests that it answered. */
  requests: number;
}

export interface Balancer {
  /** For a new connection: the next one in turn that is well. */
  pick(): Front | undefined;
}

/**
 * Goes round those that are up, preferring those whose etcd answers.
 * Differs from HAProxy: a server that is gone is noticed at once, without a health check that has to fail first.
 */
export function roundRobin(fronts: readonly Front[], up: () => boolean): Balancer {
  let next = 0;
  const find = (fits: (front: Front) => boolean): Front | undefined => {
    for (let i = 0; i < fronts.length; i++) {
      const at = (next + i) % fronts.length;
      if (!fits(fronts[at]!)) continue;
      next = (at + 1) % fronts.length;
      return fronts[at];
    }
    return undefined;
  };
  return { pick: () => (up() ? (find((front) => front.up() && front.etcdAnswers()) ?? find((front) => front.up())) : undefined) };
}

/**
 * A connection that stays: as that of a kubelet, until its server is gone.
 * Differs from Kubernetes: a server without etcd is left at once, not when its liveness probe has it started again.
 */
export function keptConnection({ pick }: Balancer, up: () => boolean): () => Front | undefined {
  let held: Front | undefined;
  return () => {
    if (!up()) return (held = undefined);
    if (!held?.up() || !held.etcdAnswers()) held = pick();
    return held;
  };
}
