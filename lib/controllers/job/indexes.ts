// Indexes of an Indexed job: each pod has one, and each must succeed once.
import type { Job, Manifest, Pod, Version } from '../../api/index.ts';

const indexKey = 'batch.kubernetes.io/job-completion-index';

export const isIndexed = ({ spec }: Job) => spec.completionMode === 'Indexed';

/** The pod's index, undefined where it has none that counts. */
export function indexOf({ metadata }: Pod, completions = Infinity): number | undefined {
  const text = metadata.annotations?.[indexKey];
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text) < completions ? Number(text) : undefined;
}

/** `1,3-5` as the set of its numbers, without those beyond `completions`. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const found = new Set<number>();
  for (const range of (text ?? '').split(',').filter(Boolean)) {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    for (let i = first; i <= last && i < completions; i++) found.add(i);
  }
  return found;
}

/** Numbers as `1,3-5`; two in a row are written `1,2`. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const index of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`)).join(',');
}

/** The lowest indexes that neither run nor are done. */
export function pendingIndexes({ spec }: Job, count: number, taken: ReadonlySet<number>): number[] {
  const pending: number[] = [];
  for (let i = 0; i < spec.completions! && pending.length < count; i++) if (!taken.has(i)) pending.push(i);
  return pending;
}

/** Of several active pods with one index the first stays; pods without one are not wanted. */
export function duplicates(pods: readonly Pod[], completions: number): Pod[] {
  const seen = new Set<number>();
  return [...pods]
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    .filter((pod) => {
      const index = indexOf(pod, completions);
      if (index === undefined || seen.has(index)) return true;
      seen.add(index);
      return false;
    });
}

/** Gives a pod its index: as annotation, label, host name and environment variable. */
export function withIndex(pod: Manifest, job: Job, index: number, version: Version): Manifest {
  const label = version.has('pod-index-label');
  const fieldPath = `metadata.${label ? 'labels' : 'annotations'}['${indexKey}']`;
  const env = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath } } };
  const withEnv = (containers: { env?: object[] }[] | undefined) => containers?.map((container) => ({ ...container, env: [...(container.env ?? []), env] }));
  const { initContainers, containers } = pod.spec;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${job.metadata.name}-${index}-`,
      annotations: { ...pod.metadata!.annotations, [indexKey]: String(index) },
      ...(label && { labels: { ...pod.metadata!.labels, [indexKey]: String(index) } }),
    },
    spec: { ...pod.spec, hostname: `${job.metadata.name}-${index}`, containers: withEnv(containers), ...(initContainers && { initContainers: withEnv(initContainers) }) },
  };
}
