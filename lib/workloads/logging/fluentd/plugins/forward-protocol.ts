// How events go from an out_forward to an in_forward. Differs from Fluentd: as one request with JSON instead of MessagePack over TCP.
import type { HttpResponse } from '../../../../machine/index.ts';
import type { Event } from '../event.ts';

export const forwardMethod = 'FORWARD';
export const forwardBody = (events: readonly Event[]): string => JSON.stringify(events);
export const eventsOf = (body: string): Event[] => JSON.parse(body) as Event[];

/** The receiver has them in its own buffers. */
export const taken: HttpResponse = { status: 200, body: 'ack' };
export const isTaken = ({ status, body }: HttpResponse): boolean => status === 200 && body === 'ack';
