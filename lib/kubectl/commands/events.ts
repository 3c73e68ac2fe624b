import type { Event } from '../../api/index.ts';
import { eventAge, sortEvents } from '../describe/events.ts';
import { CommandError } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { formOf, type Wanted, wantedOf } from '../arguments.ts';
import type { Call, Command } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { endlessly } from '../time.ts';

export const events: Command = {
  name: 'events',
  short: 'List events',
  usage: '[(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: [bool('all-namespaces', 'A'), bool('watch', 'w'), bool('no-headers'), string('for'), list('types'), string('output', 'o')],
  run(call) {
    const about = call.flags.has('for') ? aboutOf(call) : undefined;
    const wrong = call.flags.list('types').find((type) => !/^(normal|warning)$/i.test(type));
    if (wrong) throw new CommandError('valid --types are Normal or Warning');
    const { items } = call.client.list('Event', call.flags.bool('all-namespaces') ? {} : { namespace: call.namespace });
    const shown = sortEvents(items.filter((event) => wanted(call, event, about)));
    const seen = new Map(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
    const widths: number[] = [];
    if (shown.length > 0) print(call, shown, { widths, header: !call.flags.bool('no-headers') });
    else if (!call.flags.bool('watch')) call.out.error(call.flags.bool('all-namespaces') ? 'No events found.' : `No events found in ${call.namespace} namespace.`);
    if (!call.flags.bool('watch')) return;
    endlessly(call, () => {
      const now = call.client.list('Event', call.flags.bool('all-namespaces') ? {} : { namespace: call.namespace }).items;
      const fresh = now.filter((event) => wanted(call, event, about) && seen.get(event.metadata.uid) !== event.metadata.resourceVersion);
      for (const { metadata } of fresh) seen.set(metadata.uid, metadata.resourceVersion);
      if (fresh.length > 0) print(call, sortEvents(fresh), { widths, header: widths.length === 0 && !call.flags.bool('no-headers') });
    });
  },
};

/** The object that --for names. */
function aboutOf(call: Call): Wanted['named'] {
  const text = call.flags.string('for');
  if (!text.includes('/')) throw new CommandError('--for must be in resource/name form');
  return wantedOf(call, formOf(call, [text])).named;
}

function wanted(call: Call, event: Event, about: Wanted['named'] | undefined): boolean {
  const types = call.flags.list('types').map((type) => type.toLowerCase());
  if (types.length > 0 && !types.includes((event.type ?? '').toLowerCase())) return false;
  return !about || about.some(({ resource, name }) => event.involvedObject.kind === resource.kind && event.involvedObject.name === name);
}

function print(call: Call, list: readonly Event[], { widths, header }: { widths: number[]; header: boolean }): void {
  const everywhere = call.flags.bool('all-namespaces');
  const rows = list.map((event) => [
    ...(everywhere ? [event.metadata.namespace ?? ''] : []),
    eventAge(event, { now: call.now(), version: call.version }),
    event.type ?? '',
    event.reason ?? '',
    `${event.involvedObject.kind}/${event.involvedObject.name}`,
    (event.message ?? '').trim(),
  ]);
  if (header) rows.unshift([...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
  call.out.write(alignRows(rows, widths));
}
