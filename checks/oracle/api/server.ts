// A fresh API server for one recorded case, asked over its HTTP door, with nothing else running.
import type { Version } from '../../../lib/api/index.ts';
import { ApiServer, type HttpResponse } from '../../../lib/apiserver/index.ts';
import { Store } from '../../../lib/etcd/index.ts';
import { Clock, createRandom } from '../../../lib/sim/index.ts';

export interface RecordedRequest {
  method?: string;
  path: string;
  contentType?: string;
  accept?: string;
  body?: unknown;
}

export interface TestServer {
  send(request: RecordedRequest): HttpResponse;
  /** Lets virtual time pass; with controllers they run. */
  advance(milliseconds: number): void;
}

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export function freshServer(version: Version): TestServer & { server: ApiServer; store: Store } {
  const clock = new Clock();
  const store = new Store();
  const server = new ApiServer({ store, clock, random: createRandom('recordings'), version });
  const send = (request: RecordedRequest) => asRecorder(server, request);
  for (const name of systemNamespaces) send({ method: 'POST', path: '/api/v1/namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
  const advance = (milliseconds: number) => {
    clock.now += milliseconds;
    clock.runDue();
  };
  return { send, advance, server, store };
}

/** As the recorder asked: its own user agent, and JSON unless something else is said. */
export function asRecorder(server: ApiServer, { method = 'GET', path, contentType = 'application/json', accept = 'application/json', body }: RecordedRequest): HttpResponse {
  const copy = typeof body === 'object' ? structuredClone(body) : body;
  const answer = server.http({ method, path, contentType, accept, body: copy, userAgent: 'rec', user: 'rec', groups: ['system:masters', 'system:authenticated'] });
  return answer.watch ? answer : { ...answer, body: typeof answer.body === 'string' ? answer.body : JSON.parse(JSON.stringify(answer.body)) };
}
