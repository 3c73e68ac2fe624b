// The conformance suite of the mini API server is true: kubook's own API server over its own etcd passes it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../../lib/api/index.ts';
import { type ApiRequest, ApiServer } from '../../../lib/apiserver/index.ts';
import { judge } from '../../../lib/book/judge.ts';
import { Store } from '../../../lib/etcd/index.ts';
import { Clock, createRandom } from '../../../lib/sim/index.ts';
import type { MiniApi, Thing } from './api-script.ts';
import { miniApi } from './mini-api.ts';

/** A real server seen through the small interface: its config maps in one namespace. */
function realApi(): MiniApi {
  const server = new ApiServer({ store: new Store(), clock: new Clock(), random: createRandom(1), version: createVersion() });
  const of = (kind: string) => server.resourceOf(kind);
  const who = { user: 'kubernetes-admin', userAgent: 'test' };
  server.handle({ verb: 'create', resource: of('Namespace'), object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }, ...who });
  const ask = (request: Partial<ApiRequest> & Pick<ApiRequest, 'verb'>) => server.handle({ resource: of('ConfigMap'), namespace: 'default', ...who, ...request } as ApiRequest);
  const sent = (object: Thing) => ({ ...object, metadata: { ...object.metadata, namespace: 'default' } });
  return {
    create: (object) => ask({ verb: 'create', object: sent(object) }) as Thing,
    get: (name) => ask({ verb: 'get', name }) as Thing,
    list: () => ask({ verb: 'list' }) as ReturnType<MiniApi['list']>,
    update: (object) => ask({ verb: 'update', name: object.metadata.name, object: sent(object) }) as Thing,
    delete: (name) => ask({ verb: 'delete', name }),
    watch(resourceVersion) {
      const watch = server.watch(of('ConfigMap'), 'default', { resourceVersion });
      return {
        read() {
          server.pump();
          return watch.read() as unknown as ReturnType<ReturnType<MiniApi['watch']>['read']>;
        },
      };
    },
  };
}

test("kubook's own API server passes the suite", async () => {
  for (let seed = 1; seed <= 2; seed++) {
    const { verdicts } = await judge(miniApi, realApi, { seed });
    for (const { check, passed, reason } of verdicts) assert.ok(passed, `${check}: ${reason}`);
  }
});

test.run();
