// fails: 다시 켜도 통과한다
import { exercise } from 'kubook';

await exercise('preflight-1', async (hosts: any[]) => {
  for (const [i, host] of hosts.entries()) {
    const name = ['m-k8s', 'w1-k8s', 'w2-k8s'][i]!;
    host.change({ cpus: 2, memory: '2Gi', productUuid: `4c4c4544-0042-4a10-8054-b4c04f4e313${i}` });
    host.sh.run('swapoff -a; modprobe br_netfilter; sysctl -w net.ipv4.ip_forward=1');
    host.sh.run('systemctl disable --now nginx etcd old-kubelet');
    host.sh.run(`hostnamectl set-hostname ${name}; echo ${host.machine.ip} ${name} >> /etc/hosts`);
  }
});
