// fails: 파드 안의 쪽지를 읽었다
import { exercise } from 'kubook';

await exercise('control-4', async ({ cluster, kubectl }) => {
  const { sh } = cluster.machine('control-plane');
  const dir = '/etc/kubernetes/pki/etcd';
  const tls = `--cacert=${dir}/ca.crt --cert=${dir}/server.crt --key=${dir}/server.key`;
  const listed = await sh.text`etcdctl ${tls} get / --prefix --keys-only`;
  const keys = listed.split('\n').filter((line) => line !== '').length;

  const pods = await kubectl.text`get pods -A --no-headers`;
  const namespace = pods.split('\n').find((line) => line.includes('desk'))!.split(/\s+/)[0];
  const note = await kubectl.text`exec desk -n ${namespace} cat /tmp/note`;
  return { keys, note };
});
