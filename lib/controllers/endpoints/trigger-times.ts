// When what led to a write happened (pkg/controller/util/endpoint): a service was made, a pod's readiness changed.
import { type Pod, podCondition, type Service } from '../../api/index.ts';
import { keyText } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';

const annotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Annotations with this time of the change that they are written for, or without any. */
export function withTriggerTime(annotations: Readonly<Record<string, string>> = {}, time?: string): Record<string, string> {
  const { [annotation]: _, ...others } = annotations;
  return time ? { ...others, [annotation]: time } : others;
}

interface Seen {
  service: number;
  /** The time of each pod, by name. */
  pods: Map<string, number>;
}

export interface TriggerTimes {
  /** The earliest of what has changed since the last call; undefined when nothing has. */
  next(service: Service, pods: Iterable<Pod>): string | undefined;
  forget(service: string): void;
}

export function createTriggerTimes(): TriggerTimes {
  const services = new Map<string, Seen>();
  return {
    next(service, pods) {
      const key = keyText(service.metadata);
      const made = Date.parse(service.metadata.creationTimestamp);
      const known = services.get(key);
      const seen = known ?? { service: made, pods: new Map<string, number>() };
      if (!known) services.set(key, seen);
      let earliest = made > seen.service ? made : Infinity;
      seen.service = made;
      earliest = Math.min(earliest, takeIn(seen, pods));
      if (!known) return service.metadata.creationTimestamp;
      return earliest < Infinity ? timestamp(earliest) : undefined;
    },
    forget: (service) => void services.delete(service),
  };
}

function takeIn(seen: Seen, pods: Iterable<Pod>): number {
  let earliest = Infinity;
  let present = 0;
  for (const pod of pods) {
    const time = triggerTime(pod);
    if (time === 0) continue;
    present++;
    const before = seen.pods.get(pod.metadata.name);
    if (time === before) continue;
    if (time > (before ?? 0)) earliest = Math.min(earliest, time);
    seen.pods.set(pod.metadata.name, time);
  }
  if (seen.pods.size > present) forgetOthers(seen, pods);
  return earliest;
}

function forgetOthers(seen: Seen, pods: Iterable<Pod>): void {
  const present = new Set<string>();
  for (const pod of pods) if (triggerTime(pod) > 0) present.add(pod.metadata.name);
  for (const name of seen.pods.keys()) if (!present.has(name)) seen.pods.delete(name);
}

const times = new WeakMap<Pod, number>();

function triggerTime(pod: Pod): number {
  let time = times.get(pod);
  if (time === undefined) times.set(pod, (time = Date.parse(podCondition(pod, 'Ready')?.lastTransitionTime ?? '') || 0));
  return time;
}
