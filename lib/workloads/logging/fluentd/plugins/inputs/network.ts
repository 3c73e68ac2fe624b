// in_forward and in_http: events that others send.
import type { HttpRequest, HttpResponse } from '../../../../../machine/index.ts';
import { type Event, PluginError } from '../../event.ts';
import { parserOf } from '../../parsers.ts';
import { about, type Made, type Plugin } from '../../plugin.ts';
import { eventsOf, forwardMethod, taken } from '../forward-protocol.ts';

export function forward(made: Made): Plugin {
  const { section, engine, router } = made;
  const port = section.number('port', 24_224);
  const [bind, tag, prefix, addressKey] = [section.text('bind', '0.0.0.0'), section.text('tag'), section.text('add_tag_prefix'), section.text('source_address_key')];
  function serve({ method, path, body = '', from }: HttpRequest): HttpResponse {
    if (method !== forwardMethod) return { status: 400, body: '' };
    const events = eventsOf(body).map((event) => (addressKey ? { ...event, record: { ...event.record, [addressKey]: from } } : event));
    const name = tag ?? path;
    try {
      router.emit(prefix ? `${prefix}.${name}` : name, events);
      return taken;
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      return { status: 500, body: '' };
    }
  }
  return {
    kind: 'input',
    ...about(made),
    start() {
      engine.log.info('listening port', { port, bind });
      engine.process.listen(port, serve, () => fail(port, bind));
    },
  };
}

export function http(made: Made): Plugin {
  const { section, engine, router } = made;
  const { process, log } = engine;
  const [port, bind, prefix] = [section.number('port', 9880), section.text('bind', '0.0.0.0'), section.text('add_tag_prefix')];
  const [empty204, addressKey] = [section.bool('use_204_response', false), section.bool('add_remote_addr', false)];
  const inner = section.section('parse');
  const parse = inner && inner.text('@type') !== 'in_http' ? parserOf(inner, { extra: engine.extra }) : undefined;
  const text = (status: number, body: string): HttpResponse => ({ status, body, headers: { 'Content-Type': 'text/plain' } });

  function serve(request: HttpRequest): HttpResponse {
    const [path = '', query = ''] = request.path.split('?');
    if (request.method !== 'POST' && request.method !== 'PUT' && request.method !== 'GET') return text(405, '405 Method Not Allowed\n');
    const tag = [...(prefix ? [prefix] : []), ...path.split('/').filter(Boolean)].join('.');
    let events: Event[];
    try {
      const given = new URLSearchParams(query).get('time');
      const records = parse ? [parse(request.body ?? '', process.clock.now)].flatMap((one) => (one ? [one] : [])) : recordsOf(request).map((record) => timed(record, process.clock.now));
      events = records.map(({ time, record }) => ({ time: given ? Number(given) * 1000 : time, record: addressKey ? { ...record, REMOTE_ADDR: request.from } : record }));
    } catch (error) {
      const problem = error instanceof PluginError ? error : new PluginError('JSON::ParserError', (error as Error).message);
      log.error('failed to process request', { error: problem });
      return text(400, `400 Bad Request\n${problem.message}\n`);
    }
    try {
      if (events.length > 0) router.emit(tag, events);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      log.error('failed to emit data', { error });
      return text(500, `500 Internal Server Error\n${error.message}\n`);
    }
    return empty204 ? { status: 204, body: '' } : text(200, '');
  }
  return { kind: 'input', ...about(made), start: () => process.listen(port, serve, () => fail(port, bind)) };
}

/** `time` of a record is when it happened, in seconds. */
function timed(record: Event['record'], now: number): Event {
  const { time, ...rest } = record;
  return typeof time === 'number' ? { time: time * 1000, record: rest } : { time: now, record };
}

/** By the type of the body: JSON (one or a list), a JSON a line, or a form with `json=…`. */
function recordsOf({ body = '', headers = {}, path }: HttpRequest): Event['record'][] {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (/^application\/json/.test(type)) return [JSON.parse(body) as Event['record']].flat();
  if (/^application\/x-ndjson/.test(type)) return body.split(/\r?\n/).filter(Boolean).map((line) => JSON.parse(line) as Event['record']);
  const form = new URLSearchParams(/^application\/x-www-form-urlencoded/.test(type) || !type ? body : (path.split('?')[1] ?? ''));
  const json = form.get('json') ?? new URLSearchParams(path.split('?')[1] ?? '').get('json');
  if (json === null) throw new PluginError('RuntimeError', "'json', 'ndjson' or 'msgpack' parameter is required");
  return [JSON.parse(json) as Event['record']].flat();
}

function fail(port: number, bind: string): never {
  throw new PluginError('Errno::EADDRINUSE', `Address already in use - bind(2) for "${bind}" port ${port}`);
}
