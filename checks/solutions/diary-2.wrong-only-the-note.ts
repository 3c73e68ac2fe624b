// fails: kubectl top node가 모든 노드를 보여 준다
import { exercise } from 'kubook';

await exercise('diary-2', async ({ cluster, kubectl }) => {
  const args = ['--cert-dir=/tmp', '--secure-port=10250', '--kubelet-insecure-tls', '--kubelet-preferred-address-types=InternalIP'];
  const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/args', value: args }];
  await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify(patch)}`;
  cluster.advance('1m');
});
