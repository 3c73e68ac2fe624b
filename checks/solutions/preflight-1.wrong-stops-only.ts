// fails: 다시 켜도 통과한다
import { exercise } from 'kubook';

await exercise('preflight-1', async (hosts: any[]) => {
  for (const [i, host] of hosts.entries()) {
    const name = ['m-k8s', 'w1-k8s', 'w2-k8s'][i]!;
    host.change({ cpus: 2, memory: '2Gi', productUuid: `4c4c4544-0042-4a10-8054-b4c04f4e313${i}` });
    host.sh.run('swapoff -a; sed -i /swap/d /etc/fstab');
    host.sh.run('echo br_netfilter > /etc/modules-load.d/k8s.conf; modprobe br_netfilter');
    host.sh.run('echo net.ipv4.ip_forward=1 > /etc/sysctl.d/k8s.conf; sysctl --system');
    host.sh.run('systemctl stop nginx etcd old-kubelet');
    host.sh.run(`hostnamectl set-hostname ${name}; echo ${host.machine.ip} ${name} >> /etc/hosts`);
  }
});
