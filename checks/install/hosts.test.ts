// Hosts that are to become nodes: what is wrong with them, the fixes that people type, then and today.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type KubeadmHost, type KubeadmHostOptions } from '../../lib/index.ts';

const test = suite('hosts');

const said = (host: KubeadmHost) => host.sh.run('kubeadm init phase preflight').stderr;
const errors = (host: KubeadmHost) => [...said(host).matchAll(/\[ERROR ([^\]]+)\]/g)].map(([, name]) => name);
const dirty: KubeadmHostOptions = { cpus: 1, memory: '1Gi', swap: '2Gi', modules: [], sysctl: { 'net.ipv4.ip_forward': '0' }, listening: { 6443: 'nginx' } };

test('the same host, by the kubeadm of two releases', () => {
  const then = createHost({ ...dirty, kubernetes: 'v1.20', runtimes: ['containerd'] });
  assert.equal(errors(then), ['NumCPU', 'Mem', 'Port-6443', 'FileContent--proc-sys-net-bridge-bridge-nf-call-iptables', 'FileContent--proc-sys-net-ipv4-ip_forward', 'Swap']);
  const now = createHost({ ...dirty, kubernetes: 'v1.33' });
  assert.equal(errors(now), ['NumCPU', 'Mem', 'Port-6443', 'FileContent--proc-sys-net-ipv4-ip_forward']);
  assert.match(said(now), '[WARNING Swap]: swap is supported for cgroup v2 only.');
});

test('each is put right, and stays so', () => {
  const host = createHost({ ...dirty, kubernetes: 'v1.20', runtimes: ['containerd'] });
  host.change({ cpus: 2, memory: '2Gi' });
  host.sh.run('swapoff -a; sed -i /swap/d /etc/fstab; echo br_netfilter > /etc/modules-load.d/k8s.conf; modprobe br_netfilter');
  host.sh.run('echo net.ipv4.ip_forward=1 >> /etc/sysctl.conf; sysctl --system; systemctl disable --now nginx');
  assert.equal(errors(host), []);
  host.sh.run('reboot');
  assert.equal(errors(host), []);
});

test('Docker makes the host one that passes packets on, when it starts', () => {
  const host = createHost({ kubernetes: 'v1.20', modules: [], sysctl: { 'net.ipv4.ip_forward': '0' }, stopped: ['docker'] });
  assert.equal(errors(host), ['CRI', 'Service-Docker', 'IsDockerSystemdCheck', 'FileContent--proc-sys-net-bridge-bridge-nf-call-iptables', 'FileContent--proc-sys-net-ipv4-ip_forward', 'SystemVerification']);
  host.sh.run('systemctl enable --now docker');
  assert.equal(errors(host), []);
});

test('the driver of control groups is what the file of Docker says, once it has read it', () => {
  const host = createHost({ kubernetes: 'v1.20' });
  assert.match(said(host), 'detected "cgroupfs" as the Docker cgroup driver');
  host.sh.run(`mkdir -p /etc/docker; echo '{"exec-opts": ["native.cgroupdriver=systemd"]}' > /etc/docker/daemon.json`);
  assert.match(said(host), 'detected "cgroupfs"');
  host.sh.run('systemctl restart docker');
  assert.not.match(said(host), 'cgroupfs');
});

test('one runtime, two, none', () => {
  const first = (options: KubeadmHostOptions) => said(createHost(options)).split('\n')[0]!;
  assert.is(first({ kubernetes: 'v1.20', runtimes: ['docker', 'cri-o'] }), 'Found multiple CRI sockets, please use --cri-socket to select one: /var/run/dockershim.sock, /var/run/crio/crio.sock');
  assert.match(first({ kubernetes: 'v1.33', runtimes: ['containerd', 'cri-o'] }), "found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field in the kubeadm configuration file: unix:///var/run/containerd/containerd.sock, unix:///var/run/crio/crio.sock");
  assert.match(first({ kubernetes: 'v1.33', runtimes: [] }), 'dial unix /var/run/containerd/containerd.sock: connect: no such file or directory');
  assert.equal(errors(createHost({ kubernetes: 'v1.20', runtimes: ['docker', 'containerd'] })), [], 'Docker counts before its containerd');
});

test("today Docker's own containerd does not speak CRI until its file says so", () => {
  const host = createHost({ kubernetes: 'v1.33', runtimes: ['docker'] });
  assert.match(said(host), 'unknown service runtime.v1.RuntimeService');
  host.sh.run(`sed -i 's/"cri"//' /etc/containerd/config.toml; systemctl restart containerd`);
  assert.is(said(host), '');
});

test('a Raspberry Pi: the flag counts on the first line, and from the next boot on', () => {
  const flags = 'cgroup_enable=cpuset cgroup_enable=memory cgroup_memory=1';
  const host = createHost({ kubernetes: 'v1.20', os: 'raspberry-pi' });
  assert.match(said(host), 'missing required cgroups: memory');
  host.sh.run(`echo ${flags} >> /boot/firmware/cmdline.txt; reboot`);
  assert.match(said(host), 'missing required cgroups: memory');
  host.sh.run(`sed -i '1 s/$/ ${flags}/' /boot/firmware/cmdline.txt`);
  assert.match(said(host), 'missing required cgroups: memory');
  host.sh.run('reboot');
  assert.equal(errors(host), []);
});

test('names', () => {
  const { sh } = createHost({ kubernetes: 'v1.20', name: 'ubuntu' });
  assert.equal([sh.run('hostname set-hostname m-k8s').code, sh.run('hostname').stdout], [255, 'ubuntu\n']);
  sh.run('hostnamectl set-hostname m-k8s');
  assert.equal([sh.run('hostname; cat /etc/hostname').stdout, sh.run('kubeadm init phase preflight').stderr.includes('hostname "m-k8s" could not be reached')], ['m-k8s\nm-k8s\n', true]);
  assert.is(sh.run('hostnamectl set-hostname m_k8s').stderr, "Could not set static hostname: Invalid static hostname 'm_k8s'\n");
  sh.run('echo 192.168.0.10 m-k8s >> /etc/hosts; reboot');
  assert.not.match(sh.run('hostname; kubeadm init phase preflight 2>&1').stdout, 'could not be reached');
});

test('netplan: applied, warned of, refused', () => {
  const host = createHost({ kubernetes: 'v1.33' });
  const write = (text: string) => host.machine.files.write('/etc/netplan/50-cloud-init.yaml', text);
  const plan = (card: string) => `network:\n  version: 2\n  ethernets:\n    eth0:\n${card.split('\n').map((line) => `      ${line}\n`).join('')}`;
  write(plan('addresses: [172.30.1.1/24]\ngateway4: 172.30.1.254'));
  assert.match(host.sh.run('netplan apply').stderr, '`gateway4` has been deprecated, use default routes instead.');
  assert.is(host.sh.run('ip -br addr show eth0; ip route').stdout, 'eth0             UP             172.30.1.1/24 \ndefault via 172.30.1.254 dev eth0 proto static \n172.30.1.0/24 dev eth0 proto kernel scope link src 172.30.1.1 \n');
  write(plan('addresses: [172.30.1.2/24]\nroutes:\n  - to: default\n    via: 172.30.1.254'));
  assert.equal(host.sh.run('netplan apply'), { code: 0, stdout: '', stderr: '', printed: '' });
  assert.equal(host.machine.card, { name: 'eth0', addresses: ['172.30.1.2/24'], gateway: '172.30.1.254', nameservers: [], dhcp: false });
  write(plan('addresses: [172.30.1.2/24]\nroutes:\n  - to: default\n    via: 172.31.1.254'));
  host.sh.run('netplan apply');
  assert.not.match(host.sh.run('ip route').stdout, 'default');
  write('network:\n\tversion: 2\n');
  assert.match(host.sh.run('netplan apply').stderr, '/etc/netplan/50-cloud-init.yaml:2:1: Invalid YAML: tabs are not allowed for indent');
  write(plan('adresses: [172.30.1.2/24]'));
  assert.match(host.sh.run('netplan apply').stderr, "unknown key 'adresses'");
});

test('who listens, and the ids that only root reads', () => {
  const { sh } = createHost({ kubernetes: 'v1.20', listening: { 10250: 'old-kubelet' }, productUuid: '4c4c4544-0042', mac: '52:54:00:12:34:56' });
  assert.match(sh.run('ss -tlnp').stdout, /\*:10250 +\*:\* users:\(\("old-kubelet",pid=\d+,fd=7\)\)/);
  assert.match(sh.run('netstat -tlnp').stdout, /:::10250 .*LISTEN +\d+\/old-kubelet/);
  assert.match(sh.run('ip link show eth0').stdout, 'link/ether 52:54:00:12:34:56');
  assert.is(sh.run('cat /sys/class/dmi/id/product_uuid').stdout, '4c4c4544-0042\n');
  assert.match(sh.run('useradd -m lab; su lab -c "cat /sys/class/dmi/id/product_uuid"').stderr, 'Permission denied');
});

test('a module brings those that it needs, and stays while another needs it', () => {
  const { sh } = createHost({ kubernetes: 'v1.20', runtimes: ['containerd'], modules: [] });
  assert.is(sh.run('modprobe br_netfilter; lsmod').stdout, 'Module                  Size  Used by\nbr_netfilter           32768  0\nbridge                421888  1 br_netfilter\nstp                    12288  1 bridge\nllc                    16384  2 stp,bridge\n');
  assert.is(sh.run('modprobe -r bridge').stderr, 'modprobe: FATAL: Module bridge is in use.\n');
  assert.is(sh.run('modprobe -r br_netfilter; lsmod').stdout, 'Module                  Size  Used by\n');
});

test.run();
