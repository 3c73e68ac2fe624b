import { type Event, type KubeObject, since, type Version } from '../../api/index.ts';
import type { Call } from '../session.ts';
import type { Writer } from './writer.ts';

type Time = string | null | undefined;
interface Times {
  first: Time;
  last: Time;
  /** With microseconds, of those written through events.k8s.io. */
  event: Time;
  /** The last of a series. */
  series: Time;
}

function timesOf({ series, firstTimestamp, lastTimestamp, eventTime }: Event): Times {
  return { first: firstTimestamp, last: lastTimestamp, event: eventTime as unknown as Time, series: series?.lastObservedTime as unknown as Time };
}

/** How long ago an event was seen, and how often: `5m (x7 over 12m)`. Older releases know no series. */
export function eventAge(event: Event, { now, version }: { now: number; version: Version }): string {
  const { series, count = 0 } = event;
  const times = timesOf(event);
  const first = since(times.event || times.first, now);
  if (series && version.has('event-series-count')) return `${since(times.series, now)} (x${series.count} over ${first})`;
  return count > 1 ? `${since(times.last, now)} (x${count} over ${first})` : first;
}

/** Whole seconds and microseconds in one form. */
const precise = (time: Time) => (time ?? '').replace(/:(\d\d)Z$/, ':$1.000000Z');

/** Oldest first, as `kubectl events` shows them. */
export function sortEvents(events: readonly Event[]): Event[] {
  const seen = (event: Event) => {
    const { series, last, event: own } = timesOf(event);
    return precise(series || last || own);
  };
  return sortedBy(events, seen);
}

/** As describe shows them: those that have an eventTime instead of a lastTimestamp come first. */
const sortDescribed = (events: readonly Event[]) => sortedBy(events, ({ lastTimestamp }) => lastTimestamp ?? '');

/** Equal ones stay in the order of the list. */
function sortedBy(events: readonly Event[], key: (event: Event) => string): Event[] {
  const keyed = events.map((event) => ({ event, key: key(event) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ event }) => event);
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
  const events = sortDescribed(eventsOf(call, object));
  if (events.length === 0) {
    w.line(0, 'Events:\t<none>');
    return;
  }
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.line(1, '----\t------\t----\t----\t-------');
  for (const event of events) {
    const from = event.source?.component || (event as { reportingComponent?: string }).reportingComponent || '';
    const text = (event.message ?? '').trim().split('\n').join('\n\t\t\t\t\t');
    w.line(1, `${event.type ?? ''}\t${event.reason ?? ''}\t${eventAge(event, { now: call.now(), version: call.version })}\t${from}\t${text}`);
  }
}

