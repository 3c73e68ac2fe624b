import { type Event, type KubeObject, since } from '../../api/index.ts';
import type { Call } from '../session.ts';
import type { Writer } from './writer.ts';

/** How long ago an event was seen, and how often: `5m (x7 over 12m)`. */
export function eventAge({ series, count = 0, firstTimestamp, lastTimestamp, eventTime }: Event, now: number): string {
  const first = firstTimestamp ?? (eventTime as unknown as string | null);
  if (series) return `${since(series.lastObservedTime as unknown as string, now)} (x${series.count} over ${since(first, now)})`;
  if (count > 1) return `${since(lastTimestamp, now)} (x${count} over ${since(firstTimestamp, now)})`;
  return since(first, now);
}

const lastSeen = (event: Event) => String(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp);

/** Oldest first; events of one second in the order in which they were written. */
export function sortEvents(events: readonly Event[]): Event[] {
  const written = ({ metadata }: Event) => Number(metadata.resourceVersion);
  return [...events].sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : lastSeen(a) > lastSeen(b) ? 1 : written(a) - written(b)));
}

/** Events about an object. Nodes are known by name alone: their kubelet writes the name as uid; those of a mirror pod are about its static pod. */
function eventsOf(call: Call, { kind, metadata }: KubeObject): Event[] {
  const { name, namespace } = metadata;
  const uid = metadata.annotations?.['kubernetes.io/config.mirror'] ?? metadata.uid;
  const fields = [`involvedObject.name=${name}`, `involvedObject.kind=${kind}`, ...(namespace ? [`involvedObject.namespace=${namespace}`] : []), ...(kind === 'Node' || !uid ? [] : [`involvedObject.uid=${uid}`])];
  try {
    return call.client.list('Event', { ...(namespace && { namespace }), fieldSelector: fields.join(',') }).items;
  } catch {
    return [];
  }
}

export function describeEvents(w: Writer, call: Call, object: KubeObject): void {
  if (!call.flags.bool('show-events')) return;
  const events = sortEvents(eventsOf(call, object));
  if (events.length === 0) {
    w.line(0, 'Events:\t<none>');
    return;
  }
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.line(1, '----\t------\t----\t----\t-------');
  for (const event of events) {
    const from = event.source?.component || (event as { reportingComponent?: string }).reportingComponent || '';
    const text = (event.message ?? '').trim().split('\n').join('\n\t\t\t\t\t');
    w.line(1, `${event.type ?? ''}\t${event.reason ?? ''}\t${eventAge(event, call.now())}\t${from}\t${text}`);
  }
}

