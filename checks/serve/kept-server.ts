// A small API server that keeps what it is told, for tests that kill it: no nodes, no controllers, certificates given, so that
// it starts fast. Its argument is JSON; it prints one line of JSON when it answers.
import { createCluster } from '../../lib/cluster/index.ts';
import { openEtcd } from '../../lib/serve/keep/etcd.ts';
import { openFolder } from '../../lib/serve/keep/folder.ts';
import { defaultLimits } from '../../lib/serve/limits.ts';
import { listen } from '../../lib/serve/listener.ts';
import { wallTime } from '../../lib/serve/time.ts';

// It ends with the test that started it.
process.stdin.resume().on('end', () => process.exit());
const { data, etcd, logLimit, keys, server } = JSON.parse(process.argv[2]!);
const complain = (text: unknown) => console.error(text);
const voice = { say: complain, complain };
const keeper = etcd ? await openEtcd(etcd, { voice }) : openFolder(data, { voice, logLimit });
const { found, empty } = keeper;
const seed = `1/${found?.snapshot.revision ?? 0}`;
const cluster = createCluster({ nodes: 0, kubelets: false, scheduler: false, controllers: false, seed, etcd: found?.snapshot ?? empty, start: Math.max(found?.time ?? 0, Date.now()) });
await keeper.attach(cluster, { version: 'v1.33', nodes: 0, keys });
const time = wallTime(cluster, { onError: complain });
time.onMove(() => keeper.take());
const context = { cluster, time, keeper, limits: defaultLimits, onError: complain };
const { port } = await listen(context, { host: '127.0.0.1', port: 0, tls: { ...server, authority: keys.authority.cert } });
console.log(JSON.stringify({ port, revision: cluster.server.storage.store.revision }));
