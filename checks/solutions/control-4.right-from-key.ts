import { exercise } from 'kubook';

await exercise('control-4', async ({ cluster, kubectl }) => {
  const { sh } = cluster.machine('control-plane');
  const dir = '/etc/kubernetes/pki/etcd';
  const keys = sh.text`ETCDCTL_API=3 etcdctl --cacert ${dir}/ca.crt --cert ${dir}/healthcheck-client.crt --key ${dir}/healthcheck-client.key get "" --from-key --keys-only | grep -c registry`;
  const { items } = await kubectl.json`get pods -A`;
  const { namespace } = items.find(({ metadata }: any) => metadata.name === 'desk').metadata;
  return { keys: Number(keys), note: await kubectl.text`exec -n ${namespace} desk -- cat /tmp/note` };
});
