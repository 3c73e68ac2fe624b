// What a learner's `docker push` put into a registry runs in the cluster; what runs there, the node's tools show.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('docker: clusters');
const image = 'registry.example.com/team/hi:1';

function pushed(version: string) {
  const cluster = createCluster({ nodes: 1, version });
  cluster.file('Dockerfile', 'FROM busybox\nRUN echo hi > /hi\nCMD ["sleep", "1d"]\n');
  const { sh } = cluster.workstation;
  for (const line of [`docker build -t ${image} .`, 'echo kubook | docker login -u student --password-stdin registry.example.com', `docker push ${image}`]) assert.is(sh.run(line).code, 0, line);
  return cluster;
}

const errors = {
  'v1.33': `failed to pull and unpack image "${image}": failed to resolve reference "${image}": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
  'v1.20': 'rpc error: code = Unknown desc = Error response from daemon: Head "https://registry.example.com/v2/team/hi/manifests/1": no basic auth credentials',
};

for (const version of ['v1.33', 'v1.20'] as const) {
  test(`${version}: a private registry wants imagePullSecrets`, async () => {
    const cluster = pushed(version);
    const { client } = cluster;
    const auths = cluster.workstation.sh.run('cat /root/.docker/config.json').stdout;
    client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'reg' }, type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': btoa(auths) } });
    const pod = (name: string, extra: object) => client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name }, spec: { containers: [{ name: 'app', image, resources: { limits: { cpu: '500m', memory: '64Mi' } } }], ...extra } });
    pod('stranger', {});
    cluster.advance('5s');
    const of = (name: string) => client.get('Pod', { namespace: 'default', name });
    assert.is(of('stranger').status.containerStatuses?.[0]?.state?.waiting?.reason, 'ImagePullBackOff');
    const messages = client.list('Event', { namespace: 'default' }).items.map(({ message }) => message);
    assert.ok(messages.includes(`Failed to pull image "${image}": ${errors[version]}`), messages.join('\n'));
    pod('member', { imagePullSecrets: [{ name: 'reg' }] });
    cluster.advance('5s');
    assert.is(of('member').status.phase, 'Running');
    assert.is(await cluster.kubectl.text`exec member -- cat /hi /sys/fs/cgroup/cpu.max /sys/fs/cgroup/memory.max`, 'hi\n50000 100000\n67108864\n');
    client.delete({ kind: 'Pod', metadata: { namespace: 'default', name: 'stranger' } });
    cluster.advance('40s');
    const node = cluster.machine('worker-1').sh;
    const uid = of('member').metadata.uid;
    if (version === 'v1.33') {
      assert.match(node.run('crictl ps').stdout, /Running +app +0 +[0-9a-f]{13} +member +default\n$/);
      assert.is(node.run('docker ps').code, 127);
    } else assert.match(node.run('docker ps').stdout, new RegExp(`k8s_app_member_default_${uid}_0`));
    const pid = /^ *(\d+) sleep 1d$/m.exec(node.run('ps -eo pid,args').stdout)?.[1];
    const scope = version === 'v1.33' ? 'cri-containerd' : 'docker';
    assert.match(node.run(`cat /proc/${pid}/cgroup`).stdout, new RegExp(`^0::/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/${scope}-[0-9a-f]{64}.scope\n$`));
  });
}

test.run();
