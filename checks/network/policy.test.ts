// NetworkPolicy: who reaches whom, which policy decided, and what plug-ins do that cannot.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, type ClusterOptions, createCluster, createRandom, type NetworkName } from '../../lib/index.ts';
import { decide } from '../../lib/network/index.ts';
import { labelValues, randomLabels, randomPolicy, spaceValues } from './random-policies.ts';
import { wordsAllow, type WordsPod, type WordsWorld } from './policy-words.ts';

const test = suite('network policies');

const server = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

/** `dev/client`, `prod/client` and `prod/web`, each where the seed puts it. */
function twoTeams(options: ClusterOptions = {}): Cluster {
  const cluster = createCluster({ nodes: 2, network: 'calico', ...options });
  const { kubectl } = cluster;
  for (const name of ['dev', 'prod']) {
    kubectl.text`create namespace ${name}`;
    kubectl.text`run client -n ${name} --image=busybox --labels=role=client -- sleep infinity`;
  }
  cluster.file('web.yaml', `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: prod, labels: { app: web } }
spec:
  containers:
  - { name: a, image: ${server}, args: [netexec, --http-port=8080], ports: [{ name: http, containerPort: 8080 }] }
  - { name: b, image: ${server}, args: [netexec, --http-port=9090, --udp-port=-1], ports: [{ name: metrics, containerPort: 9090 }] }
`);
  kubectl.text`apply -f web.yaml`;
  kubectl.text`expose pod web -n prod --port=80 --target-port=8080`;
  cluster.advance('20s');
  return cluster;
}

function policy(cluster: Cluster, spec: string, name = 'rule', namespace = 'prod'): void {
  cluster.file('policy.yaml', `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`);
  cluster.kubectl.text`apply -f policy.yaml`;
  cluster.advance('1s');
}

const ask = (cluster: Cluster, from: string, to: string) => String(cluster.kubectl.text`exec -n ${from} client -- wget -qO- -T 2 http://${to}/hostname`).trim();
const reaches = (cluster: Cluster, from: string, to = 'web.prod') => {
  const answered = ask(cluster, from, to) === 'web';
  assert.is(cluster.trace({ from: `${from}/client`, to: `http://${to}` }).error === undefined, answered, 'a trace says what a client finds');
  return answered;
};

for (const [network, proxyMode] of [['calico'], ['kube-router'], ['romana'], ['weave'], ['calico', 'ipvs'], ['kube-router', 'ipvs']] as [NetworkName, 'ipvs'?][]) {
  test(`${network}${proxyMode ? `, ${proxyMode}` : ''}: what the policy does not allow does not arrive, and the trace names the policy`, () => {
    const cluster = twoTeams({ network, ...(proxyMode && { proxyMode }) });
    assert.ok(reaches(cluster, 'dev') && reaches(cluster, 'prod'));
    policy(cluster, '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: {} }] }] }');
    assert.not.ok(reaches(cluster, 'dev'));
    assert.ok(reaches(cluster, 'prod'));
    const lost = cluster.trace({ from: 'dev/client', to: 'web.prod' });
    assert.is(lost.error, network === 'kube-router' ? 'refused' : 'timeout');
    assert.equal([lost.hops.at(-1)!.place, lost.hops.at(-1)!.rule], ['ingress', 'NetworkPolicy prod/rule: ingress에 이것을 허용하는 규칙이 없다']);
    const passed = cluster.trace({ from: 'prod/client', to: 'web.prod' });
    assert.is(passed.hops.find(({ place }) => place === 'ingress')!.rule, 'NetworkPolicy prod/rule ingress[0]');
    cluster.kubectl.text`delete networkpolicy rule -n prod`;
    cluster.advance('1s');
    assert.ok(reaches(cluster, 'dev'));
  });
}

test('Flannel takes a policy and does nothing about it', () => {
  const cluster = twoTeams({ network: 'flannel' });
  policy(cluster, '{ podSelector: {} }');
  assert.ok(reaches(cluster, 'dev'));
  assert.throws(() => cluster.policyEngine(() => false), /flannel에는 NetworkPolicy를 집행하는 것이 없다/);
});

test('ports: by number, by name, a range; each is about its own protocol', () => {
  const cluster = twoTeams();
  const ip = cluster.client.get('Pod', { namespace: 'prod', name: 'web' }).status.podIP!;
  const open = (ports: string) => {
    policy(cluster, `{ podSelector: {}, ingress: [{ ports: [${ports}] }] }`);
    return [8080, 9090].filter((port) => reaches(cluster, 'dev', `${ip}:${port}`));
  };
  assert.equal(open('{ port: 8080 }'), [8080]);
  assert.equal(open('{ port: metrics }'), [9090]);
  assert.equal(open('{ port: 8000, endPort: 9090 }'), [8080, 9090]);
  assert.equal(open('{ port: 8000, endPort: 9089 }'), [8080]);
  assert.equal(open('{ protocol: UDP }'), []);
  assert.equal(open('{ port: 1 }, { port: http }'), [8080]);
});

test('Weave Net rejects a policy that names a port: it isolates nobody', () => {
  const cluster = twoTeams({ network: 'weave' });
  policy(cluster, '{ podSelector: {}, ingress: [{ ports: [{ port: metrics }] }] }');
  assert.ok(reaches(cluster, 'dev'));
});

test('a namespace and a pod in one element, or in two', () => {
  const cluster = twoTeams();
  const dev = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: dev } }';
  policy(cluster, `{ podSelector: {}, ingress: [{ from: [${dev}, podSelector: { matchLabels: { role: admin } } }] }] }`);
  assert.equal([reaches(cluster, 'dev'), reaches(cluster, 'prod')], [false, false]);
  policy(cluster, `{ podSelector: {}, ingress: [{ from: [${dev} }, { podSelector: { matchLabels: { role: admin } } }] }] }`);
  assert.equal([reaches(cluster, 'dev'), reaches(cluster, 'prod')], [true, false]);
  cluster.kubectl.text`label namespace dev kubernetes.io/metadata.name=other --overwrite`;
  cluster.kubectl.text`label pod client -n prod role=admin --overwrite`;
  cluster.advance('1s');
  assert.ok(reaches(cluster, 'prod'), 'labels of pods count as they are now');
});

test('ipBlock with an exception', () => {
  const cluster = twoTeams();
  const ip = cluster.client.get('Pod', { namespace: 'dev', name: 'client' }).status.podIP!;
  policy(cluster, '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }');
  assert.ok(reaches(cluster, 'dev'));
  policy(cluster, `{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [${ip}/32] } }] }] }`);
  assert.equal([reaches(cluster, 'dev'), reaches(cluster, 'prod')], [false, true]);
});

test('egress: denied by default, names are the first to fail; the answer to that', () => {
  const cluster = twoTeams();
  policy(cluster, '{ podSelector: {}, policyTypes: [Egress] }', 'deny', 'dev');
  const lost = cluster.trace({ from: 'dev/client', to: 'web.prod' });
  assert.equal([lost.error, lost.lookup!.policy], ['timeout', 'NetworkPolicy dev/deny: egress에 이것을 허용하는 규칙이 없다']);
  assert.match(String(cluster.kubectl.text`exec -n dev client -- nslookup web.prod`), 'connection timed out; no servers could be reached');
  assert.ok(reaches(cluster, 'prod'));
  policy(cluster, '{ podSelector: {}, egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }] }], policyTypes: [Egress] }', 'dns', 'dev');
  assert.is(cluster.trace({ from: 'dev/client', to: 'web.prod' }).lookup!.addresses.length, 1);
  assert.not.ok(reaches(cluster, 'dev'));
  policy(cluster, '{ podSelector: {}, egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }] }], policyTypes: [Egress] }', 'web', 'dev');
  assert.ok(reaches(cluster, 'dev'));
});

test('a pod reaches itself, its node reaches it, and probes go on', () => {
  const cluster = twoTeams();
  policy(cluster, '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
  const { nodeName } = cluster.client.get('Pod', { namespace: 'prod', name: 'web' }).spec;
  const ip = cluster.client.get('Pod', { namespace: 'prod', name: 'web' }).status.podIP!;
  assert.is(cluster.machine(nodeName!).sh.text`curl -s -m 2 http://${ip}:8080/hostname`.trim(), 'web');
  const other = ['worker-1', 'worker-2'].find((name) => name !== nodeName)!;
  assert.is(cluster.machine(other).sh.run(`curl -s -m 2 http://${ip}:8080/hostname`).code, 28);
  assert.is(cluster.trace({ from: 'prod/web', to: `${ip}:8080` }).error, undefined);
});

test("a learner's judge is asked for both ends", () => {
  const cluster = twoTeams();
  const asked: string[] = [];
  cluster.policyEngine(({ direction, from, to, port, policies }) => {
    asked.push(`${direction} ${from.pod?.namespace}/${from.pod?.name} → ${to.pod?.namespace}/${to.pod?.name}:${port} (${policies.length})`);
    return from.pod?.namespace !== 'dev';
  });
  assert.not.ok(ask(cluster, 'dev', 'web.prod') === 'web');
  assert.is(ask(cluster, 'prod', 'web.prod'), 'web');
  assert.ok(asked.includes('egress dev/client → kube-system/coredns:53 (0)'));
  assert.ok(asked.includes('ingress prod/client → prod/web:8080 (0)'));
});

function randomWorld(seed: number): { world: WordsWorld; random: ReturnType<typeof createRandom> } {
  const random = createRandom(seed);
  const namespaces = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { 'kubernetes.io/metadata.name': name, ...randomLabels(random, spaceValues) }]));
  const pods = Array.from({ length: 8 }, (_, i): WordsPod => ({
    name: `pod-${i}`,
    namespace: random.pick(['a', 'b', 'c']),
    ...((n) => ({ ip: `10.244.${n}.${i + 2}`, ip6: `fd00:10:244:${n}::${(i + 2).toString(16)}` }))(random.int(3)),
    labels: randomLabels(random, labelValues),
    ports: [...(random.int(2) ? [{ name: 'http', containerPort: random.pick([80, 8080]), protocol: 'TCP' }] : []), ...(random.int(2) ? [{ name: 'dns', containerPort: 53, protocol: random.pick(['UDP', 'TCP']) }] : [])],
  }));
  const ips = [...pods.flatMap(({ ip, ip6 = ip }) => [ip, ip6]), '10.0.0.11', '192.0.2.7', 'fd00:10::11', '2001:db8::7'];
  const policies = Array.from({ length: random.int(7) }, (_, i) => randomPolicy(random, `p${i}`, { namespaces: Object.keys(namespaces), ips }));
  return { world: { pods, namespaces, policies }, random };
}

test('reachability over random policies is what a second reading of the specification finds', () => {
  let [allowed, denied] = [0, 0];
  for (let seed = 1; seed <= 300; seed++) {
    const { world, random } = randomWorld(seed);
    const peer = (pod: WordsPod, six: boolean) => ({ ip: six ? pod.ip6! : pod.ip, pod: { ...pod, namespaceLabels: world.namespaces[pod.namespace]! } });
    const outside = [[{ ip: '10.0.0.11' }, { ip: '192.0.2.7' }], [{ ip: 'fd00:10::11' }, { ip: '2001:db8::7' }]];
    for (let i = 0; i < 60; i++) {
      const [from, to] = [random.pick([...world.pods, undefined]), random.pick([...world.pods, undefined])];
      if (from === to) continue;
      const [port, protocol] = [random.pick([53, 80, 8080, 8433]), random.pick(['TCP', 'TCP', 'UDP'] as const)];
      const six = random.int(2);
      const [source, target] = [from, to].map((pod) => (pod ? peer(pod, six === 1) : random.pick(outside[six]!))) as [ReturnType<typeof peer>, ReturnType<typeof peer>];
      const attempt = { from: source, to: target, port, protocol };
      const found = (['egress', 'ingress'] as const).every((direction) => decide(direction, attempt, world.policies)?.allowed !== false);
      const expected = wordsAllow({ from: { ip: source.ip, ...(from && { pod: from }) }, to: { ip: target.ip, ...(to && { pod: to }) }, port, protocol }, world);
      if (found !== expected) assert.unreachable(`seed ${seed}: ${JSON.stringify(attempt)} over ${JSON.stringify(world.policies)}: ${found}`);
      if (expected) allowed++;
      else denied++;
    }
  }
  assert.ok(allowed > 4000 && denied > 4000, `${allowed} allowed, ${denied} denied`);
});

for (const network of ['calico', 'kube-router'] as const) {
  test(`${network}: random policies in a whole cluster`, () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { world, random } = randomWorld(1000 + seed);
      // With ipvs a packet for a Service meets other chains than one for a pod.
      const ipvs = seed > 3;
      const cluster = createCluster({ nodes: 2, network, seed, podCIDR: '10.244.0.0/16,fd00:10:244::/56', ...(ipvs && { proxyMode: 'ipvs' }) });
      for (const [name, labels] of Object.entries(world.namespaces)) cluster.client.create({ kind: 'Namespace', metadata: { name, labels } });
      cluster.advance('1s');
      for (const { name, namespace, labels, ports } of world.pods) cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { ...labels, only: name } }, spec: { containers: [{ name: 'a', image: 'busybox', command: ['sleep', 'infinity'], ports: ports.map((port) => ({ ...port })) }] } } as never);
      for (const { name, namespace } of world.pods) cluster.client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { only: name }, ports: [53, 80, 8080].map((port) => ({ name: `p${port}`, port })) } } as never);
      cluster.advance('20s');
      const pods = world.pods.map((pod): WordsPod => ({ ...pod, ip: cluster.client.get('Pod', pod).status.podIP!, ip6: cluster.client.get('Pod', pod).status.podIPs![1]!.ip! }));
      const policies = Array.from({ length: 5 }, (_, i) => randomPolicy(random, `p${i}`, { namespaces: Object.keys(world.namespaces), ips: pods.flatMap(({ ip, ip6 = ip }) => [ip, ip6]) }));
      for (const policy of policies) cluster.client.create(structuredClone(policy));
      cluster.advance('2s');
      for (const from of pods) {
        for (const to of pods) {
          const port = random.pick([53, 80, 8080]);
          const [mine, theirs] = random.int(2) ? [from.ip, to.ip] : [from.ip6!, to.ip6!];
          const service = from !== to && mine === from.ip && random.int(2) === 0 && cluster.client.get('Service', to).spec.clusterIP;
          const { hops } = cluster.trace({ from: `${from.namespace}/${from.name}`, to: service ? `${service}:${port}` : theirs.includes(':') ? `[${theirs}]:${port}` : `${theirs}:${port}` });
          // The rule that ended it, and the policies that the rule was made of.
          const dropped = hops.some(({ verdict }) => verdict === 'DROP' || verdict === 'REJECT');
          assert.is(dropped, hops.some(({ place, verdict }) => (place === 'ingress' || place === 'egress') && verdict !== 'ACCEPT'));
          if (ipvs && service) assert.not.ok(hops.some(({ place, machine }) => place === 'filter FORWARD' && machine === hops[0]!.machine), 'it is not forwarded');
          assert.is(!dropped, wordsAllow({ from: { pod: from, ip: mine }, to: { pod: to, ip: theirs }, port, protocol: 'TCP' }, { ...world, pods, policies }), `seed ${seed}: ${from.name} → ${to.name} ${theirs} ${port}`);
        }
      }
    }
  });
}

test.run();
