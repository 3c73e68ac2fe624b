// A request by its path: what other API servers answer, and subresources of kinds that nobody here has a row for.
import { StatusError } from '../api/index.ts';
import type { HttpRequest, HttpResponse } from '../apiserver/index.ts';

export interface RawOptions {
  method?: 'GET' | 'PUT';
  body?: unknown;
  /** What is asked for, as client-go adds it to errors that the server does not explain: `get pods.metrics.k8s.io`. */
  asked: string;
}

/** The groups of a service account: what it asks for by path is authorized. */
export function groupsOf(user: string): readonly string[] | undefined {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  return namespace === undefined ? undefined : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** The data of an answer; a refusal is thrown, in the server's words or, where it has none, in client-go's. */
export function rawAnswer(ask: (request: HttpRequest) => HttpResponse, path: string, { method = 'GET', body, asked }: RawOptions): any {
  const { code, body: answer } = ask({ method, path, accept: 'application/json', ...(body !== undefined && { contentType: 'application/json', body }) });
  const data = typeof answer === 'string' ? parsed(answer) : (answer as Record<string, unknown>);
  if (code < 300 && data) return data;
  const { kind, reason, message, details } = (data ?? {}) as { kind?: string; reason?: string; message?: string; details?: object };
  if (kind === 'Status') throw new StatusError(reason ?? '', code, message ?? '', details);
  const [name, text] = unexplained(code, String(answer));
  throw new StatusError(name, code, `${text} (${asked})`);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** apimachinery, pkg/api/errors (NewGenericServerResponse). */
function unexplained(code: number, body: string): [string, string] {
  switch (code) {
    case 401:
      return ['Unauthorized', 'the server has asked for the client to provide credentials'];
    case 403:
      return ['Forbidden', body.trim()];
    case 404:
      return ['NotFound', 'the server could not find the requested resource'];
    case 405:
      return ['MethodNotAllowed', 'the server does not allow this method on the requested resource'];
    case 429:
      return ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'];
    case 503:
      return ['ServiceUnavailable', 'the server is currently unable to handle the request'];
    case 504:
      return ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'];
    default:
      return code >= 500 ? ['InternalError', `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`] : ['Unknown', 'the server rejected our request for an unknown reason'];
  }
}
