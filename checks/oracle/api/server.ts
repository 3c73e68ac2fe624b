// A fresh API server for one recorded case, asked over its HTTP door, with nothing else running.
import type { Version } from '../../../lib/api/index.ts';
import { ApiServer, type HttpResponse } from '../../../lib/apiserver/index.ts';
import { Store } from '../../../lib/etcd/index.ts';
import { createCluster } from '../../../lib/index.ts';
import { Clock, createRandom } from '../../../lib/sim/index.ts';
import type { ReplayContext } from '../replayer.ts';
import { openServed } from '../served/served.ts';

export interface RecordedRequest {
  method?: string;
  path: string;
  contentType?: string;
  accept?: string;
  body?: unknown;
}

export interface TestServer {
  send(request: RecordedRequest): { code: number; body: any };
  /** Opens a watch: undefined where it was refused, with the answer; `read` gives the events since the last time. */
  watch?(request: RecordedRequest): { answer: { code: number; body: any }; read?(): any[] };
  /** Lets virtual time pass; with controllers they run. */
  advance(milliseconds: number): void;
}

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** The server that a recording is put to: behind HTTPS where that is asked for. */
export function serverFor({ version, served }: ReplayContext, { controllers = false } = {}): TestServer {
  if (served) return servedServer(version, controllers);
  return controllers ? controlledServer(version) : freshServer(version);
}

function servedServer({ minor }: Version, controllers: boolean): TestServer {
  const cluster = openServed({ version: `v1.${minor}`, controllers, clock: 'stands' });
  return {
    ...cluster,
    watch(request) {
      const answer = cluster.send(request);
      return { answer, ...(answer.watches && { read: () => cluster.read() }) };
    },
  };
}

/** With the controllers running, but neither scheduler nor kubelets. */
function controlledServer({ minor }: Version): TestServer {
  const cluster = createCluster({ version: `v1.${minor}`, nodes: 0, kubelets: false, scheduler: false });
  return { send: (request) => asRecorder(cluster.server, request), advance: (milliseconds) => cluster.advance(milliseconds) };
}

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
  const watch = (request: RecordedRequest) => {
    const answer = asRecorder(server, request);
    const read = (): any[] => {
      server.pump();
      // A watch that was refused says so with its only event.
      return answer.watch ? answer.watch.read() : answer.frames!.ended ? [] : answer.frames!.read();
    };
    return { answer, ...((answer.watch ?? answer.frames) && { read }) };
  };
  return { send, advance, watch, server, store };
}

/** As the recorder asked: its own user agent, and JSON unless something else is said. */
export function asRecorder(server: ApiServer, { method = 'GET', path, contentType = 'application/json', accept = 'application/json', body }: RecordedRequest): HttpResponse {
  const copy = typeof body === 'object' ? structuredClone(body) : body;
  const answer = server.http({ method, path, contentType, accept, body: copy, userAgent: 'rec', user: 'rec', groups: ['system:masters', 'system:authenticated'] });
  return answer.watch ? answer : { ...answer, body: typeof answer.body === 'string' ? answer.body : JSON.parse(JSON.stringify(answer.body)) };
}
