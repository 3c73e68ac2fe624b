// kubectl events: what happened, oldest first.
import { type Event, type KubeObject, since } from '../../api/index.ts';
import { sortEvents } from '../describe/events.ts';
import { warnOfShortName } from '../arguments.ts';
import { CommandError, PlainError } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { apiVersionOf } from '../names.ts';
import { objectsPrinter, withoutManagedFields } from '../print.ts';
import type { Call, Command } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { endlessly } from '../time.ts';
import { printFlags } from './create.ts';

export const events: Command = {
  name: 'events',
  short: 'List events',
  usage: '[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: [...printFlags, bool('all-namespaces', 'A'), bool('watch', 'w'), bool('no-headers'), string('for'), list('types'), string('chunk-size')],
  run(call) {
    const fieldSelector = call.flags.string('for') ? about(call, call.flags.string('for')) : undefined;
    const print = printer(call);
    if (call.flags.list('types').some((type) => !/^(normal|warning)$/i.test(type))) throw new CommandError('valid --types are Normal or Warning');
    const wanted = { ...(fieldSelector && { fieldSelector }), ...(!call.flags.bool('all-namespaces') && { namespace: call.namespace }) };
    const now = () => sortEvents(call.client.list('Event', wanted).items.filter((event) => ofType(call, event)));
    if (call.flags.bool('watch')) return watch(call, now, print);
    const shown = now();
    if (shown.length === 0) return call.out.error(call.flags.bool('all-namespaces') ? 'No events found.' : `No events found in ${call.namespace} namespace.`);
    print({ kind: 'EventList', apiVersion: 'v1', metadata: {}, items: shown });
  },
};

function watch(call: Call, now: () => Event[], print: (event: Event) => void): void {
  const seen = new Map<string | undefined, string | undefined>();
  endlessly(call, () => {
    for (const event of now()) {
      const { uid, resourceVersion } = event.metadata;
      if (seen.get(uid) !== resourceVersion) print(event);
      seen.set(uid, resourceVersion);
    }
  });
}

/** Of the object that --for names; without a name all. */
function about(call: Call, text: string): string | undefined {
  if (!text.includes('/')) throw new CommandError('--for must be in resource/name form');
  const [kind = '', name, ...more] = text.split('/');
  if (more.length > 0) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const resource = call.client.resource(kind.toLowerCase());
  if (!resource) throw new PlainError(`the server doesn't have a resource type ${JSON.stringify(kind)}`);
  warnOfShortName(call, kind, resource);
  return name && `involvedObject.kind=${resource.kind},involvedObject.apiVersion=${apiVersionOf(resource, call.version)},involvedObject.name=${name}`;
}

function ofType(call: Call, { type = '' }: Event): boolean {
  const types = call.flags.list('types').map((one) => one.toLowerCase());
  return types.length === 0 || types.includes(type.toLowerCase());
}

interface EventList {
  kind: 'EventList';
  apiVersion: 'v1';
  metadata: object;
  items: Event[];
}
const itemsOf = (shown: Event | EventList) => ('items' in shown ? shown.items : [shown]);

function printer(call: Call): (shown: Event | EventList) => void {
  // kubectl cannot name what stands in a list, and does not say so.
  const nameOf = (shown: object) => ('items' in shown ? '' : `event/${(shown as Event).metadata.name}\n`);
  const print = objectsPrinter(call, { nameOf });
  if (!print) return tablePrinter(call);
  const bare = (event: Event) => withoutManagedFields(event as unknown as KubeObject);
  return (shown) => call.out.write(print(('items' in shown ? { ...shown, items: shown.items.map(bare) } : bare(shown)) as unknown as KubeObject));
}

function tablePrinter(call: Call): (shown: Event | EventList) => void {
  const everywhere = call.flags.bool('all-namespaces');
  const widths: number[] = [];
  let headed = call.flags.bool('no-headers');
  return (shown) => {
    const rows = itemsOf(shown).map((event) => [
      ...(everywhere ? [event.metadata.namespace ?? ''] : []),
      lastSeen(event, call.now()),
      event.type ?? '',
      event.reason ?? '',
      `${event.involvedObject.kind}/${event.involvedObject.name}`,
      (event.message ?? '').trim(),
    ]);
    if (!headed) rows.unshift([...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
    headed = true;
    call.out.write(alignRows(rows, widths));
  };
}

/** `12m`, `5m (x7 over 12m)` */
function lastSeen({ series, count = 0, firstTimestamp, lastTimestamp, eventTime }: Event, now: number): string {
  const ago = (time: unknown) => (time ? since(time as string, now) : '<unknown>');
  const first = ago(eventTime ?? firstTimestamp);
  if (series) return `${ago(series.lastObservedTime)} (x${series.count} over ${first})`;
  return count > 1 ? `${ago(lastTimestamp)} (x${count} over ${first})` : first;
}
