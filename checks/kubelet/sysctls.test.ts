// Kernel parameters of a pod: safe ones are set, others send it away.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';

const test = suite('sysctls');

async function run(cluster: Cluster, name: string, sysctls: Record<string, string>, spec: object = {}) {
  const list = Object.entries(sysctls).map(([key, value]) => ({ name: key, value }));
  cluster.file(`${name}.json`, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { ...spec, restartPolicy: 'Never', securityContext: { sysctls: list }, containers: [{ name: 'c', image: 'busybox:1.29', command: ['/bin/sysctl', ...Object.keys(sysctls)] }] } }));
  await cluster.kubectl.text`apply -f ${name}.json`;
  cluster.advance('10s');
  const { phase, reason, message } = cluster.client.get('Pod', { namespace: 'default', name }).status;
  return { phase, reason, message, log: phase === 'Succeeded' ? await cluster.kubectl.text`logs ${name}` : '' };
}

test('a safe one is set in the pod alone', async () => {
  const cluster = createCluster({ nodes: 1 });
  assert.equal(await run(cluster, 'safe', { 'kernel.shm_rmid_forced': '1', 'net.ipv4.ip_local_port_range': '1024 65535' }), { phase: 'Succeeded', reason: undefined, message: undefined, log: 'kernel.shm_rmid_forced = 1\nnet.ipv4.ip_local_port_range = 1024 65535\n' });
  assert.equal((await run(cluster, 'slashes', { 'net/ipv4/tcp_syncookies': '0' })).log, 'net/ipv4/tcp_syncookies = 0\n');
});

for (const [version, message] of [['v1.20', 'Pod forbidden sysctl: "kernel.msgmax" not whitelisted'], ['v1.33', 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted']] as const) {
  test(`${version}: an unsafe one, and one of the host's namespace`, async () => {
    const cluster = createCluster({ nodes: 1, version });
    assert.equal(await run(cluster, 'unsafe', { 'kernel.msgmax': '10000000000' }), { phase: 'Failed', reason: 'SysctlForbidden', message, log: '' });
    assert.match(await cluster.kubectl.text`describe pod unsafe`, /Warning +SysctlForbidden +\S+ +kubelet +forbidden sysctl: "kernel\.msgmax"/);
    const onHost = await run(cluster, 'on-host', { 'net.ipv4.tcp_syncookies': '1' }, { hostNetwork: true });
    if (version === 'v1.20') assert.match(onHost.message!, '"net.ipv4.tcp_syncookies" not allowed with host net enabled');
  });
}

test.run();
