// Writes an answer: headers, JSON or YAML, compressed when the client can read that.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StatusError, Version } from '../api/index.ts';
import { type HttpResponse, mediaTypeOf } from '../apiserver/index.ts';
import { write } from './form.ts';
import type { Limits } from './limits.ts';

/** Smaller answers are not worth the work (kube-apiserver: 128 KiB, level 1). */
const compressedFrom = 128 * 1024;
const compress = promisify(gzip);

/** Headers that every answer has. */
export function commonHeaders(warnings: readonly string[] = []): Record<string, string | string[]> {
  return {
    'Audit-Id': crypto.randomUUID(),
    'Cache-Control': 'no-cache, private',
    ...(warnings.length > 0 && { Warning: warnings.map((text) => `299 - ${quoted(text)}`) }),
  };
}

/** Only ASCII may stand in a header. */
const quoted = (text: string) => JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?');

interface Writing {
  version: Version;
  limits: Limits;
}

export async function writeAnswer(request: IncomingMessage, response: ServerResponse, answer: HttpResponse, { version, limits }: Writing): Promise<void> {
  const { code, warnings, headers: own } = answer;
  const [type, text] = rendered(request, answer, version);
  const headers = { ...commonHeaders(warnings), ...own, 'Content-Type': type };
  const compressible = code === 200 && text.length >= compressedFrom && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = compressible ? await compress(text, { level: 1 }) : Buffer.from(text);
  response.writeHead(code, { ...headers, ...(compressible && { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }), 'Content-Length': body.length });
  // Who does not take its answer does not keep it in memory for ever.
  response.setTimeout(limits.stall, () => response.destroy());
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A refusal that comes before the API server has seen the request. */
export async function refuse(request: IncomingMessage, response: ServerResponse, error: StatusError, writing: Writing): Promise<void> {
  const { retryAfterSeconds } = error.details ?? {};
  if (retryAfterSeconds) response.setHeader('Retry-After', retryAfterSeconds);
  await writeAnswer(request, response, { code: error.code, body: error.toStatus() }, writing);
}

/** Media type and text. */
function rendered({ headers, url = '' }: IncomingMessage, { body, type, media, code }: HttpResponse, version: Version): [type: string, text: string | Uint8Array] {
  if (body instanceof Uint8Array) return [type!, body];
  if (typeof body === 'string') return [type ?? 'text/plain; charset=utf-8', body];
  // A refusal comes in the wanted media type too; in none, or of a path that nobody serves, it is for somebody who reads it.
  const isRefusal = code >= 400 && media === undefined;
  const wanted = isRefusal && (body as { kind?: string }).kind === 'Status' ? mediaTypeOf(headers.accept) : media;
  const pretty = (isRefusal && wanted === undefined) || url === '/version' || /[?&]pretty=(true|1)/.test(url) || (/^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '') && !/[?&]pretty=/.test(url));
  const written = write(body as object, wanted, { version, pretty });
  return [type ?? written.type, written.text];
}
