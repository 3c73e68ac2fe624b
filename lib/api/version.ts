// Which Kubernetes we are. Every difference between releases is one entry here; components ask `has(name)`.

interface Change {
  /** The first minor release (1.x) in which it holds. */
  since: number;
  what: string;
  source: string;
}

export const changes = {
  'taint-message-untolerated': { since: 21, what: 'FailedScheduling says "had untolerated taint {k: v}" instead of "had taint {k: v}, that the pod didn\'t tolerate"', source: 'pkg/scheduler/framework/plugins/tainttoleration' },
} satisfies Record<string, Change>;

export type ChangeName = keyof typeof changes;

export interface Version {
  /** `v1.33.4` */
  readonly gitVersion: string;
  readonly minor: number;
  /** True when this release already behaves as the named change says. */
  has(change: ChangeName): boolean;
}

/** Patch releases we report, as `kubectl get nodes` prints them. */
const patches: Record<number, string> = { 20: 'v1.20.2', 33: 'v1.33.4' };

/** `v1.20` … `v1.33`; throws a RangeError for anything else. */
export function createVersion(name = 'v1.33'): Version {
  const minor = Number(/^v?1\.(\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (!(minor >= 13 && minor <= 33)) throw new RangeError(`unknown version ${JSON.stringify(name)}: v1.13 to v1.33`);
  return {
    gitVersion: patches[minor] ?? `v1.${minor}.0`,
    minor,
    has: (change) => minor >= changes[change].since,
  };
}
