// kubeadm's index.jsonl: what a command line prints, where it prints it, and the files that it writes.
import { createMachineShell } from '../../../lib/cluster/machine-shell.ts';
import { kubeadmCommand, NotBuilt } from '../../../lib/install/index.ts';
import { v1_20 } from '../../../lib/install/kubeadm/release.ts';
import { createMachine, type FileView, type Machine } from '../../../lib/machine/index.ts';
import { mountKernel } from '../../../lib/workloads/root/host-proc.ts';
import { Clock, createRandom, Loop } from '../../../lib/sim/index.ts';
import { certificateFacts, clientFacts, recordedFiles, withoutSignatures } from '../kubeadm/files.ts';
import { programsOf } from '../kubeadm/programs.ts';
import { allPrograms, prepare, type Situation, situationOf, usualSysctl } from '../kubeadm/situations.ts';
import { compare, type Outcome, passExcept, type Replayer, skip, type TestCase } from '../replayer.ts';

const kernel = '5.10.0-1-amd64';
const tmp = '/tmp/recorded';
const key = '0123456789abcdef'.repeat(4);
/** Differs from a real host: nobody answers outside of the machine. */
const network = { host: () => undefined, problem: () => undefined, attach: () => '', detach() {}, dial: (_: unknown, ip: string, port: number) => ({ ip, port, error: 'refused' as const }), query: () => undefined };
const builtIn = 'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG INET EXT4_FS PROC_FS NETFILTER_XT_TARGET_REDIRECT NETFILTER_XT_MATCH_COMMENT OVERLAY_FS';

const configuration = ({ node = {}, endpoint = {}, cluster = {}, sockets }: Situation) => `${JSON.stringify({ apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'InitConfiguration', localAPIEndpoint: { advertiseAddress: '192.168.0.10', ...endpoint }, nodeRegistration: { name: 'cp1', ...(!sockets && { criSocket: '/var/run/dockershim.sock' }), ...node } })}
---
${JSON.stringify({ apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'ClusterConfiguration', kubernetesVersion: 'v1.20.2', ...cluster })}`;

function machineOf(situation: Situation, clock: Clock): Machine {
  const { hostname = 'cp1', cpus = 2, swap = 0, sysctl = {}, modules = ['br_netfilter', 'overlay'], missing = [] } = situation;
  const machine = createMachine({ name: hostname, clock, ip: '192.168.0.10', cpus, swap, os: { kernel, cgroup: 1 }, sysctl: { ...usualSysctl, ...sysctl }, kernelModules: [...modules], programs: allPrograms.filter((name) => !missing.includes(name)) });
  mountKernel(machine, () => [], []);
  machine.files.write(`/boot/config-${kernel}`, builtIn.split(' ').map((name) => `CONFIG_${name}=y\n`).join(''));
  machine.files.makeDirectories(tmp);
  machine.files.write(`${tmp}/c.yaml`, configuration(situation));
  prepare(machine, situation);
  return machine;
}

const quoted = (word: string) => `'${word.replaceAll('<tmp>', tmp).replaceAll('<hex64>', key).replaceAll('<hash>', key)}'`;

/** Placeholders for what is other each time: times of the log, tokens, keys, dates of certificates. */
const normal = (text: string) =>
  text
    .replace(/^([IWE])\d{4} [\d:.]+ +\d+ /gm, '$1<klog-time> ')
    .replace(/\b[A-Z][a-z]{2} \d\d, \d{4} \d\d:\d\d UTC/g, 'Jan 01, 2027 00:00 UTC')
    .replaceAll(kernel, '<kernel>')
    .replaceAll(tmp, '<tmp>')
    .replace(/\b[0-9a-f]{64}\b/g, '<hex64>')
    .replace(/\b(?!abcdef\.)[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>')
    .replaceAll('8.8.8.8:53', '<dns>:53')
    .replace(/192\.168\.0\.10:\d{5}->/g, '192.168.0.10:<port>->');

/** Where each kind of file lies. */
const folders = ['/etc/kubernetes/manifests', '/var/lib/kubelet', `${tmp}/out`];

function left(files: FileView, { texts, certs, clientCerts, filesLeft }: TestCase): object {
  const find = (name: string) => folders.map((folder) => files.read(`${folder}/${name}`)).find((text) => text !== undefined);
  return {
    ...(texts && { files: Object.fromEntries(Object.keys(texts).map((name) => [name, find(name)?.replace(/(-data: ).*/g, '$1<base64>')])) }),
    ...(certs && { certs: certificateFacts(files, `${tmp}/out`, certs.map(({ file }: { file: string }) => file)) }),
    ...(clientCerts && { clientCerts: clientFacts(files, `${tmp}/out`, clientCerts.map(({ file }: { file: string }) => file)) }),
    ...(filesLeft && { filesLeft: filesLeft.filter((path: string) => files.find(path)) }),
  };
}

function replay(testCase: TestCase): Outcome {
  const situation = situationOf(testCase.id);
  const clock = new Clock();
  const machine = machineOf(situation, clock);
  const random = createRandom(testCase.id);
  const { missing = [], env = {}, user } = situation;
  const programs = Object.fromEntries(Object.entries(programsOf(situation.answers ?? {})).filter(([name]) => !missing.includes(name)));
  const kubeadm = kubeadmCommand({ machine, release: { ...v1_20, goVersion: 'go1.19.8' } });
  const shell = createMachineShell({ machine, network, loop: new Loop({ clock, random: random.fork('loop') }), random, programs: { ...programs, kubeadm }, ...(user && { user }), print: () => {} });
  const line = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...testCase['argv'].map(quoted)].join(' ');
  if (testCase['argv'][0] !== 'kubeadm') return skip('kubeadm phases that come later');
  try {
    for (const before of situation.before ?? []) shell.run(before.replaceAll('<tmp>', tmp));
    const { code, stdout, stderr } = shell.run(line);
    const { exit, files, certs, clientCerts, filesLeft } = testCase;
    const got = { exit: code, stdout: normal(stdout), stderr: normal(stderr), ...left(machine.files, testCase) };
    const want = { exit, stdout: normal(testCase['stdout']), stderr: testCase['stderr'], ...(files && { files: testCase['texts'] }), ...(certs && { certs: withoutSignatures(certs) }), ...(clientCerts && { clientCerts }), ...(filesLeft && { filesLeft }) };
    const outcome = compare(got, want);
    return outcome.result === 'passed' && certs ? passExcept(['certificates are words']) : outcome;
  } catch (error) {
    if (error instanceof NotBuilt) return skip('kubeadm phases that come later');
    throw error;
  }
}

export const replayer: Replayer = {
  file: 'index.jsonl',
  replay,
  read: (text, path) =>
    text.split('\n').filter(Boolean).map((line) => {
      const testCase = JSON.parse(line) as TestCase;
      return testCase['files'] ? { ...testCase, texts: recordedFiles(path, testCase['files']) } : testCase;
    }),
};
