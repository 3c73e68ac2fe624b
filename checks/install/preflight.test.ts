// A bare machine becomes fit for kubeadm, one fix after another; and what of it is there after a reboot.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachineShell } from '../../lib/cluster/machine-shell.ts';
import { kubeadmCommand } from '../../lib/install/index.ts';
import { createMachine, GiB } from '../../lib/machine/index.ts';
import { Clock, createRandom, Loop } from '../../lib/sim/index.ts';
import { type Command, createRuntime } from '../../lib/workloads/index.ts';

const test = suite('preflight');

const nowhere = { host: () => undefined, problem: () => undefined, attach: () => '', detach() {}, dial: (_: unknown, ip: string, port: number) => ({ ip, port, error: 'refused' as const }), query: () => undefined };
const says = (answer: (args: readonly string[]) => string): Command =>
  function* (argv, io) {
    io.out(answer(argv.slice(1)));
    return argv[1] === 'inspect' ? 1 : 0;
  };
const docker = says(([verb, , format = '']) => (verb !== 'info' ? '' : format.includes('Driver') ? 'systemd\n' : format ? '{"Driver":"overlay2","ServerVersion":"19.03.15"}' : ''));

function bareMachine() {
  const clock = new Clock();
  const random = createRandom('preflight');
  const machine = createMachine({ name: 'cp1', clock, ip: '192.168.0.10', cpus: 2, memory: 2 * GiB, swap: 2 * GiB, kernelModules: [], sysctl: { 'net.ipv4.ip_forward': '0' }, programs: ['ip', 'iptables', 'mount', 'nsenter', 'tc', 'touch'], os: { cgroup: 1, kernel: '5.4.0-42-generic', image: 'Ubuntu 20.04.1 LTS' } });
  createRuntime({ machine, network: nowhere as never, random: random.fork('runtime'), name: 'docker' });
  machine.addUnit('docker').start();
  machine.addUnit('kubelet', { enabled: false });
  const sh = createMachineShell({ machine, network: nowhere, loop: new Loop({ clock, random: random.fork('loop') }), random, programs: { docker, kubelet: says(() => 'Kubernetes v1.20.2\n'), kubeadm: kubeadmCommand({ machine }) } });
  const problems = () => [...sh.run('kubeadm init phase preflight').stderr.matchAll(/\[(ERROR|WARNING) ([^\]]+)\]/g)].map(([, kind, name]) => `${kind} ${name}`);
  return { machine, sh, problems };
}

const bridge = 'ERROR FileContent--proc-sys-net-bridge-bridge-nf-call-iptables';
const forward = 'ERROR FileContent--proc-sys-net-ipv4-ip_forward';
const rest = ['WARNING FileExisting-ebtables', 'WARNING FileExisting-ethtool', 'WARNING FileExisting-socat', 'WARNING Service-Kubelet'];

test('each fix takes one line away', () => {
  const { machine, sh, problems } = bareMachine();
  assert.equal(problems(), [...rest, bridge, forward, 'ERROR Swap', 'ERROR FileExisting-conntrack']);
  assert.is(sh.run('modprobe br_netfilter; sysctl -w net.ipv4.ip_forward=1; swapoff -a').stdout, 'net.ipv4.ip_forward = 1\n');
  assert.equal(problems(), [...rest, 'ERROR FileExisting-conntrack']);
  for (const name of ['conntrack', 'ebtables', 'ethtool', 'socat']) machine.programs.add(name);
  assert.match(sh.run('systemctl enable --now kubelet').stderr, 'Created symlink /etc/systemd/system/multi-user.target.wants/kubelet.service');
  assert.equal(problems(), []);
});

test('what was only set is forgotten at the next boot; what files say is not', () => {
  const { machine, sh, problems } = bareMachine();
  sh.run('modprobe br_netfilter; sysctl -w net.ipv4.ip_forward=1; swapoff -a');
  machine.reboot();
  assert.equal(problems().filter((line) => /bridge|forward|Swap/.test(line)), [bridge, forward, 'ERROR Swap']);
  sh.run('mkdir -p /etc/modules-load.d /etc/sysctl.d; echo br_netfilter > /etc/modules-load.d/k8s.conf; echo net.ipv4.ip_forward = 1 > /etc/sysctl.d/k8s.conf; sed -i /swap/d /etc/fstab');
  machine.reboot();
  assert.equal(problems().filter((line) => /bridge|forward|Swap/.test(line)), []);
  assert.is(sh.run('swapon --show; sysctl net.bridge.bridge-nf-call-iptables').stdout, 'net.bridge.bridge-nf-call-iptables = 1\n');
});

test('units of a machine', () => {
  const { machine, sh } = bareMachine();
  assert.equal([sh.run('systemctl is-active docker').stdout, sh.run('systemctl is-active kubelet').code], ['active\n', 3]);
  assert.match(sh.run('systemctl status docker').stdout, /● docker.service - docker\n {5}Loaded: loaded \(\/lib\/systemd\/system\/docker.service; enabled; vendor preset: enabled\)\n {5}Active: active \(running\) since Thu 2026-01-01 /);
  assert.equal(sh.run('systemctl restart nginx'), { code: 5, stdout: '', stderr: 'Failed to restart nginx.service: Unit nginx.service not found.\n', printed: 'Failed to restart nginx.service: Unit nginx.service not found.\n' });
  sh.run('systemctl stop docker');
  assert.is(machine.units.get('docker')!.state, 'inactive');
  assert.is(sh.run('modprobe nope').stderr, 'modprobe: FATAL: Module nope not found in directory /lib/modules/5.4.0-42-generic\n');
});

test.run();
