// Ingresses and the controller that makes something of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Ingress } from '../../lib/api/index.ts';
import { type Cluster, createCluster } from '../../lib/index.ts';
import { routeFor, serverFor, serversOf } from '../../lib/network/ingress/routes.ts';

const test = suite('ingress');
const controller = readFileSync(join(import.meta.dirname, 'ingress-nginx.yaml'), 'utf8');

const ingress = (spec: object, { name = 'one', at = '2026-01-01T00:00:00Z' } = {}) => ({ metadata: { namespace: 'default', name, creationTimestamp: at }, spec }) as unknown as Ingress;
const path = (text: string, pathType: string, service: string) => ({ path: text, pathType, backend: { service: { name: service, port: { number: 80 } } } });
const pick = (ingresses: readonly Ingress[], host: string, asked: string) => routeFor(serverFor(serversOf(ingresses), host), asked)?.service;

// The table of "Ingress", Examples, in the documentation.
const examples: [type: string, paths: string[], asked: string, matched: string | undefined][] = [
  ['Prefix', ['/'], '/any', '/'],
  ['Exact', ['/foo'], '/foo', '/foo'],
  ['Exact', ['/foo'], '/bar', undefined],
  ['Exact', ['/foo'], '/foo/', undefined],
  ['Exact', ['/foo/'], '/foo', undefined],
  ['Prefix', ['/foo'], '/foo', '/foo'],
  ['Prefix', ['/foo'], '/foo/', '/foo'],
  ['Prefix', ['/foo/'], '/foo', '/foo/'],
  ['Prefix', ['/foo/'], '/foo/', '/foo/'],
  ['Prefix', ['/aaa/bb'], '/aaa/bbb', undefined],
  ['Prefix', ['/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'],
  ['Prefix', ['/aaa/bbb/'], '/aaa/bbb', '/aaa/bbb/'],
  ['Prefix', ['/aaa/bbb'], '/aaa/bbb/', '/aaa/bbb'],
  ['Prefix', ['/aaa/bbb'], '/aaa/bbb/ccc', '/aaa/bbb'],
  ['Prefix', ['/aaa/bbb'], '/aaa/bbbxyz', undefined],
  ['Prefix', ['/', '/aaa'], '/aaa/ccc', '/aaa'],
  ['Prefix', ['/', '/aaa', '/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'],
  ['Prefix', ['/', '/aaa', '/aaa/bbb'], '/ccc', '/'],
  ['Prefix', ['/aaa'], '/ccc', undefined],
];

test('paths match as the documentation says', () => {
  for (const [type, paths, asked, matched] of examples) {
    const found = pick([ingress({ rules: [{ http: { paths: paths.map((one) => path(one, type, one)) } }] })], 'a.example', asked);
    assert.is(found, matched, `${type} ${paths} ${asked}`);
  }
  const mixed = [ingress({ rules: [{ http: { paths: [path('/foo', 'Prefix', 'prefix'), path('/foo', 'Exact', 'exact'), path('/bar', 'ImplementationSpecific', 'letters')] } }] })];
  assert.is(pick(mixed, '', '/foo'), 'exact');
  assert.is(pick(mixed, '', '/foo/x'), 'prefix');
  assert.is(pick(mixed, '', '/barn'), 'letters');
});

test('hosts: their own, a wildcard for one label, all others; the older Ingress keeps a path', () => {
  const rule = (host: string | undefined, service: string) => ({ ...(host && { host }), http: { paths: [path('/', 'Prefix', service)] } });
  const all = [ingress({ rules: [rule('foo.bar.com', 'own'), rule('*.foo.com', 'wild'), rule(undefined, 'any')] })];
  assert.is(pick(all, 'foo.bar.com', '/'), 'own');
  assert.is(pick(all, 'bar.foo.com', '/'), 'wild');
  assert.is(pick(all, 'baz.bar.foo.com', '/'), 'any');
  assert.is(pick(all, 'foo.com', '/'), 'any');
  const younger = ingress({ rules: [rule('foo.bar.com', 'younger')] }, { name: 'a', at: '2026-01-02T00:00:00Z' });
  assert.is(pick([younger, ...all], 'foo.bar.com', '/'), 'own');
  assert.is(pick([ingress({ defaultBackend: { service: { name: 'rest', port: { number: 80 } } } })], 'x', '/y'), 'rest');
});

async function withShops(): Promise<Cluster> {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl } = cluster;
  for (const name of ['apple', 'pear']) {
    await kubectl.text`create deployment ${name} --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --replicas=2 -- /agnhost netexec --http-port=8080`;
    await kubectl.text`expose deployment ${name} --port=80 --target-port=8080`;
  }
  cluster.file(
    'shops.yaml',
    `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shops }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [safe.example], secretName: safe }]
  rules:
    - host: shop.example
      http:
        paths:
          - { path: /hostname, pathType: Exact, backend: { service: { name: apple, port: { number: 80 } } } }
          - { path: /, pathType: Prefix, backend: { service: { name: pear, port: { number: 80 } } } }
    - host: safe.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: apple, port: { number: 80 } } } }] }
`,
  );
  await kubectl.text`apply -f shops.yaml`;
  cluster.advance('10s');
  return cluster;
}

const ask = (cluster: Cluster, words: string) => cluster.machine('control-plane').sh.run(`curl -s -S -m 2 ${words}`);

test('an Ingress does nothing until a controller is installed; then it leads by host and path', async () => {
  const cluster = await withShops();
  const { kubectl } = cluster;
  const address = () => cluster.client.get('Ingress', { namespace: 'default', name: 'shops' }).status.loadBalancer?.ingress?.map(({ ip }) => ip);
  assert.is(address(), undefined);
  assert.is(ask(cluster, '-H "Host: shop.example" http://10.0.0.11:30080/hostname').code, 7);
  cluster.file('ingress-nginx.yaml', controller);
  await kubectl.text`apply -f ingress-nginx.yaml`;
  cluster.advance('2m');
  const [pod] = cluster.client.list('Pod', { namespace: 'ingress-nginx' }).items;
  assert.equal(address(), [pod!.status.hostIP]);
  assert.match(kubectl.text`get ingress`, new RegExp(`shops +nginx +shop\\.example,safe\\.example +${pod!.status.hostIP} +80, 443`));

  const names = new Set(Array.from({ length: 6 }, () => ask(cluster, '-H "Host: shop.example" http://10.0.0.11:30080/hostname').stdout));
  assert.equal([...names].map((name) => name.split('-')[0]), ['apple', 'apple']);
  assert.match(ask(cluster, '-H "Host: shop.example" http://10.0.0.12:30080/hostname/x').stdout + ask(cluster, '--resolve shop.example:30080:10.0.0.11 http://shop.example:30080/').stdout, /NOW:/);
  assert.match(ask(cluster, 'http://10.0.0.11:30080/').stdout, /404 Not Found/);
  assert.match(kubectl.text`logs -n ingress-nginx deployment/ingress-nginx-controller`, /"GET \/hostname HTTP\/1\.1" 200 \d+ "-" "curl\/\S+" 83 0\.001 \[default-apple-80\] \[\] 10\.244\.\d\.\d+:8080/);
  assert.is(cluster.trace({ from: 'control-plane', to: '10.0.0.11:30080' }).arrived!.to, `${pod!.status.podIP}:80`);

  await kubectl.text`scale deployment apple --replicas=0`;
  cluster.advance('1m');
  assert.match(ask(cluster, '-H "Host: shop.example" http://10.0.0.11:30080/hostname').stdout, /503 Service Temporarily Unavailable/);
});

test('TLS: by the certificate of the Secret, else by one that nobody trusts; plain HTTP is sent there', async () => {
  const cluster = await withShops();
  cluster.file('ingress-nginx.yaml', controller);
  await cluster.kubectl.text`apply -f ingress-nginx.yaml`;
  cluster.advance('1m');
  assert.match(ask(cluster, '-i -H "Host: safe.example" http://10.0.0.11:30080/').stdout, /308 Permanent Redirect[^]*Location: https:\/\/safe\.example\//);
  const safe = '--resolve safe.example:30443:10.0.0.11 https://safe.example:30443/hostname';
  assert.match(ask(cluster, safe).stderr, /curl: \(60\) SSL certificate problem/);
  assert.match(ask(cluster, `-kv ${safe}`).stderr, /subject: CN=Kubernetes Ingress Controller Fake Certificate/);
  await cluster.kubectl.text`create secret generic safe --type=kubernetes.io/tls --from-literal=tls.crt=x --from-literal=tls.key=y`;
  cluster.advance('2s');
  assert.match(ask(cluster, `-kv ${safe}`).stderr, /subject: CN=safe\.example/);
  assert.match(ask(cluster, `-k ${safe}`).stdout, /^apple-/);
});

test('an Ingress without a class gets the default one', async () => {
  const cluster = createCluster({ nodes: 0 });
  const className = (name: string) => cluster.client.get('Ingress', { namespace: 'default', name }).spec.ingressClassName;
  const make = (name: string) => cluster.client.create({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'default' }, spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } });
  make('before');
  cluster.client.create({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'nginx', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }, spec: { controller: 'k8s.io/ingress-nginx' } });
  make('after');
  assert.equal(['before', 'after'].map(className), [undefined, 'nginx']);
});

test.run();
