// out_http: sends chunks as the body of a request.
import type { Attempt, Sink } from '../../buffer/buffered-output.ts';
import { PluginError } from '../../event.ts';
import { formatterOf } from '../../formatters.ts';
import { fill } from '../../placeholders.ts';
import type { Made } from '../../plugin.ts';
import { httpError } from '../network-error.ts';

const contentTypes: Record<string, string> = { ltsv: 'text/tab-separated-values', out_file: 'text/plain', single_value: 'text/plain', stdout: 'text/plain', hash: 'text/plain' };
const reasons: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 413: 'Request Entity Too Large', 429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable' };

export function httpSink({ section, engine }: Made): Sink {
  const { process, log } = engine;
  const endpoint = section.required('endpoint');
  const method = section.choice('http_method', ['put', 'post'], 'post').toUpperCase();
  const headers = section.hash('headers') ?? {};
  const asArray = section.bool('json_array', false);
  if (!section.has('retryable_response_codes')) log.warn('Status code 503 is going to be removed from default `retryable_response_codes` from fluentd v2. Please add it by yourself if you wish');
  const retryable = section.has('retryable_response_codes') ? section.array('retryable_response_codes').map(Number) : [503];
  const unrecoverable = section.bool('error_response_as_unrecoverable', true);
  const type = section.section('format')?.text('@type') ?? 'json';
  if (asArray && type !== 'json') section.fail('json_array option could be used with json formatter only');
  const contentType = section.text('content_type') ?? contentTypes[type] ?? (asArray ? 'application/json' : 'application/x-ndjson');
  const format = formatterOf(section, 'json', process.hostname);

  function verdict(status: number, body: string, address: string): Attempt {
    if (status >= 200 && status < 300) return {};
    const message = `${status} ${reasons[status] ?? ''} ${body.trimStart()}`;
    if (retryable.includes(status)) return { error: new PluginError('Fluent::Plugin::HTTPOutput::RetryableResponse', message) };
    if (unrecoverable) return { error: new PluginError('Fluent::UnrecoverableError', message, { unrecoverable: true }) };
    log.error(`got error response from '${method === 'PUT' ? 'Put' : 'Post'} ${address}' : ${message}`);
    return {};
  }

  return {
    format: asArray ? (tag, event) => `${format(tag, event)},` : format,
    write(chunk) {
      const address = fill(endpoint, chunk);
      const url = new URL(address);
      const to = { host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
      const dial = process.dial(to.host, to.port);
      if (dial.error) return httpError(dial, to);
      const body = asArray ? `[${chunk.text.slice(0, -1)}]` : chunk.text;
      const answer = dial.listener({ method, path: url.pathname + url.search, ...to, from: dial.from ?? process.ip, headers: { 'User-Agent': 'Ruby', ...headers, 'Content-Type': contentType }, body });
      return verdict(answer.status, answer.body, address);
    },
  };
}
