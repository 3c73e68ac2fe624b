// Names in the cluster, as pods ask for them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';
import { candidateNames, parseResolverConfig } from '../../lib/workloads/resolver.ts';

const test = suite('dns');

async function withNames(): Promise<Cluster> {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl } = cluster;
  await kubectl.text`create deployment web --image=nginx --replicas=2`;
  await kubectl.text`expose deployment web --port=80`;
  await kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.file(
    'more.yaml',
    `apiVersion: v1
kind: Service
metadata: { name: direct }
spec: { clusterIP: None, selector: { app: web }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty }
spec: { clusterIP: None, selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: outside }
spec: { type: ExternalName, externalName: example.com }
---
apiVersion: v1
kind: Service
metadata: { name: inside }
spec: { type: ExternalName, externalName: web.default.svc.cluster.local }
---
apiVersion: v1
kind: Pod
metadata: { name: named, labels: { app: named } }
spec: { hostname: first, subdomain: named, containers: [{ name: a, image: busybox, command: [sleep, infinity] }] }
---
apiVersion: v1
kind: Service
metadata: { name: named }
spec: { clusterIP: None, selector: { app: named }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: own }
spec:
  dnsConfig: { options: [{ name: ndots, value: "1" }] }
  hostAliases: [{ ip: 10.9.9.9, hostnames: [legacy.example] }]
  containers: [{ name: a, image: busybox, command: [sleep, infinity] }]
---
apiVersion: v1
kind: Pod
metadata: { name: plain }
spec: { dnsPolicy: Default, containers: [{ name: a, image: busybox, command: [sleep, infinity] }] }
`,
  );
  await kubectl.text`apply -f more.yaml`;
  cluster.advance('20s');
  return cluster;
}

const cluster = await withNames();
const ask = (words: string, pod = 'client') => cluster.kubectl.text`exec ${pod} -- nslookup ${words.split(' ')}`;
const answers = (text: string) => [...text.matchAll(/^Address: (\S+)$/gm)].map((match) => match[1]!);
const clusterIP = (name: string) => cluster.client.get('Service', { namespace: 'default', name }).spec.clusterIP!;
const podIPs = (app: string) => cluster.client.list('Pod', { labelSelector: `app=${app}` }).items.map(({ status }) => status.podIP!).sort();

test('a Service by short, longer and whole names', () => {
  for (const name of ['web', 'web.default', 'web.default.svc', 'web.default.svc.cluster.local', 'web.default.svc.cluster.local.', 'WEB']) assert.equal(answers(ask(name)), [clusterIP('web')], name);
  assert.match(ask('web.other'), /\*\* server can't find web\.other: NXDOMAIN/);
});

test('a headless Service is its ready endpoints, and each has a name', () => {
  assert.equal(answers(ask('direct')).sort(), podIPs('web'));
  const [ip = ''] = podIPs('web');
  assert.equal(answers(ask(`${ip.replaceAll('.', '-')}.direct`)), [ip]);
  assert.equal(answers(ask('first.named')), podIPs('named'));
  assert.match(ask('empty'), /NXDOMAIN/);
});

test('ports have SRV records', () => {
  const [a = '', b = ''] = podIPs('web').map((ip) => ip.replaceAll('.', '-'));
  const text = ask('-type=srv _http._tcp.direct');
  for (const end of [a, b]) assert.match(text, new RegExp(`service = 0 50 80 ${end}\\.direct\\.default\\.svc\\.cluster\\.local`));
  assert.match(ask('-type=srv _http._tcp.web'), /NXDOMAIN/);
  assert.match(ask('-type=srv web'), /service = 0 100 80 web\.default\.svc\.cluster\.local/);
});

test('an ExternalName is another name', () => {
  assert.match(ask('outside'), /outside\.default\.svc\.cluster\.local\tcanonical name = example\.com/);
  assert.equal(answers(ask('inside')), [clusterIP('web')]);
});

test('pods, addresses and the specification', () => {
  assert.equal(answers(ask('10-1-2-3.default.pod.cluster.local')), ['10.1.2.3']);
  assert.match(ask('10-1-2-3.nowhere.pod.cluster.local'), /NXDOMAIN/);
  assert.match(ask(clusterIP('web')), /in-addr\.arpa\tname = web\.default\.svc\.cluster\.local/);
  assert.match(ask('-type=txt dns-version.cluster.local'), /text = "1\.1\.0"/);
  assert.match(ask('-type=aaaa web'), /No answer/);
});

test('what a pod says of names in its spec', () => {
  assert.equal(cluster.trace({ from: 'own', to: 'legacy.example' }).lookup!.addresses, ['10.9.9.9']);
  assert.match(ask('legacy.example', 'own'), /NXDOMAIN/);
  assert.equal(answers(ask('web', 'own')), [clusterIP('web')]);
  assert.match(ask('web', 'plain'), /Server:\t\t8\.8\.8\.8\n[^]*NXDOMAIN/);
  assert.equal(answers(ask('web.default.svc.cluster.local 10.96.0.10', 'plain')), [clusterIP('web')]);
});

test('the search path and ndots', () => {
  const config = parseResolverConfig('search a.b b\nnameserver 10.96.0.10\noptions ndots:2 timeout:1\n');
  assert.equal(config, { servers: ['10.96.0.10'], search: ['a.b', 'b'], ndots: 2 });
  assert.equal(candidateNames('web', config), ['web.a.b', 'web.b', 'web']);
  assert.equal(candidateNames('x.y.z', config), ['x.y.z', 'x.y.z.a.b', 'x.y.z.b']);
  assert.equal(candidateNames('web.', config), ['web']);
});

test('without CoreDNS names are not found, addresses still are', () => {
  cluster.fault.crash('coredns');
  assert.match(ask('web'), /connection timed out; no servers could be reached/);
  assert.match(cluster.kubectl.text`exec client -- wget -qO- -T 2 http://web`, /bad address 'web'/);
  assert.match(cluster.kubectl.text`exec client -- wget -qO- -T 2 http://${clusterIP('web')}`, /Welcome to nginx/);
  cluster.fault.start('coredns');
  assert.equal(answers(ask('web')), [clusterIP('web')]);
});

test('dig takes a name as it is, or below the search domains, and prints the parts that are asked for', async () => {
  const { kubectl, client } = await withNames();
  const ask = (words: string) => kubectl.text`exec client -- sh -c ${`dig ${words}`}`;
  const { clusterIP } = client.get('Service', { namespace: 'default', name: 'web' }).spec;
  assert.is(await ask('+noall +answer +search web'), `web.default.svc.cluster.local.\t30\tIN\tA\t${clusterIP}\n`);
  assert.is(await ask('+noall +answer web'), '');
  assert.match(await ask('web'), 'status: NXDOMAIN');
  assert.is(await ask(`+short -x ${clusterIP}`), 'web.default.svc.cluster.local.\n');
  assert.is(await ask('+short outside.default.svc.cluster.local CNAME'), 'example.com.\n');
  assert.match(await ask('_http._tcp.direct.default.svc.cluster.local SRV'), /ANSWER: 2.*IN\tSRV\t0 50 80 /s);
});

test('getent asks /etc/hosts first', async () => {
  const { kubectl, client } = await withNames();
  const { podIP } = client.get('Pod', { namespace: 'default', name: 'client' }).status;
  assert.is(await kubectl.text`exec client -- getent hosts client`, `${podIP!.padEnd(15)} client\n`);
  assert.match(await kubectl.text`exec client -- getent hosts direct`, ' direct.default.svc.cluster.local\n');
});

const block = (zone: string, lines: string) => `${zone}:53 {\n  errors\n${lines}\n  cache 30\n}\n`;
const whole = block('.', '  kubernetes cluster.local in-addr.arpa ip6.arpa {\n    pods insecure\n  }\n  forward . /etc/resolv.conf');
const configMap = (name: string, namespace: string, corefile: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { Corefile: corefile } });

/** A name server of the company's, as a pod behind a Service, and the cluster's own one with `corefile`. */
async function withStub(corefile: (server: string) => string) {
  const cluster = createCluster({ nodes: 2, network: 'calico' });
  const { kubectl, client } = cluster;
  client.create(configMap('corp', 'default', block('corp.example', '  hosts {\n    192.0.2.7 db.corp.example www.corp.example\n    2001:db8::7 db.corp.example\n  }')) as never);
  client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'corp', labels: { app: 'corp' } , namespace: 'default' }, spec: { volumes: [{ name: 'config', configMap: { name: 'corp' } }], containers: [{ name: 'dns', image: 'registry.k8s.io/coredns/coredns:v1.12.0', args: ['-conf', '/etc/coredns/Corefile'], volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }] }] } } as never);
  await kubectl.text`expose pod corp --port=53 --protocol=UDP`;
  await kubectl.text`expose pod corp --name=late --port=80`;
  await kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.advance('20s');
  const { clusterIP } = client.get('Service', { namespace: 'default', name: 'corp' }).spec;
  client.create(configMap('coredns', 'kube-system', corefile(clusterIP!)) as never);
  cluster.advance('1s');
  return { cluster, kubectl, clusterIP, ask: (name: string, ...server: string[]) => kubectl.text`exec client -- nslookup ${[name, ...server]}` };
}

test('a stub domain: names of one zone are asked of another server', async () => {
  const { cluster, kubectl, ask, clusterIP } = await withStub((server) => whole + block('corp.example', `  forward . ${server}`));
  assert.equal(answers(ask('db.corp.example')), ['192.0.2.7']);
  assert.match(ask('nobody.corp.example'), "server can't find nobody.corp.example: NXDOMAIN");
  assert.match(ask('corp.example.org'), 'NXDOMAIN');
  assert.is(answers(ask('kubernetes.default')).length, 1);
  assert.is(cluster.trace({ from: 'client', to: 'http://www.corp.example' }).lookup!.addresses[0], '192.0.2.7');
  assert.match(kubectl.text`exec client -- nslookup www.corp.example ${clusterIP!}`, `Server:\t\t${clusterIP}\n`);
  assert.match(ask('kubernetes.default.svc.cluster.local', clusterIP!), 'REFUSED');
  await kubectl.text`delete pod corp --now`;
  cluster.advance('2s');
  assert.match(ask('db.corp.example'), "server can't find db.corp.example: SERVFAIL");
  assert.match(ask('db.corp.example', clusterIP!), 'no servers could be reached');
  assert.is(answers(ask('kubernetes.default')).length, 1);
});

test('a Corefile decides: the longest zone, hosts before the rest, nothing without a plugin', async () => {
  const { ask } = await withStub(() => block('.', '  hosts {\n    192.0.2.1 late.default.svc.cluster.local\n    fallthrough\n  }\n  kubernetes cluster.local') + block('deep.corp.example corp.example.', '  hosts {\n    192.0.2.8 a.deep.corp.example\n  }') + block('example', '  forward . 10.96.0.10'));
  assert.equal(answers(ask('late')), ['192.0.2.1']);
  assert.is(answers(ask('corp')).length, 1);
  assert.equal(answers(ask('a.deep.corp.example')), ['192.0.2.8']);
  assert.match(ask('db.corp.example'), 'NXDOMAIN');
  // It does not ask itself.
  assert.match(ask('other.example'), 'SERVFAIL');
  assert.match(ask('example.org'), 'SERVFAIL');
});

test.run();
