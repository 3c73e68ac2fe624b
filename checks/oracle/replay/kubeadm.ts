// kubeadm's index.jsonl: what a command line prints, where it prints it, and the files that it writes.
import { createMachineShell, type MachineShell } from '../../../lib/cluster/machine-shell.ts';
import { kubeadmCommand, type KubeadmOptions } from '../../../lib/install/index.ts';
import { v1_20 } from '../../../lib/install/kubeadm/release.ts';
import { createMachine, type FileView, type Machine } from '../../../lib/machine/index.ts';
import { mountKernel } from '../../../lib/workloads/root/host-proc.ts';
import { Clock, createRandom, Loop } from '../../../lib/sim/index.ts';
import { inOrder, isClusterCase, type Ran } from '../kubeadm/cluster.ts';
import { certificateFacts, clientFacts, recordedFiles, withoutSignatures } from '../kubeadm/files.ts';
import { programsOf, timeout } from '../kubeadm/programs.ts';
import { allPrograms, prepare, type Situation, situationOf, usualSysctl } from '../kubeadm/situations.ts';
import { compare, type Outcome, passExcept, type Replayer, type TestCase } from '../replayer.ts';

const kernel = '5.10.0-1-amd64';
const tmp = '/tmp/recorded';
const key = '0123456789abcdef'.repeat(4);
/** Differs from a real host: nobody answers outside of the machine. */
const network = { host: () => undefined, problem: () => undefined, attach: () => '', detach() {}, dial: (_: unknown, ip: string, port: number) => ({ ip, port, error: 'refused' as const }), query: () => undefined };
const builtIn = 'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG INET EXT4_FS PROC_FS NETFILTER_XT_TARGET_REDIRECT NETFILTER_XT_MATCH_COMMENT OVERLAY_FS';

const configuration = ({ node = {}, endpoint = {}, cluster = {}, tokens = [], sockets }: Situation) => `${JSON.stringify({ apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'InitConfiguration', bootstrapTokens: tokens.map((token) => ({ token })), localAPIEndpoint: { advertiseAddress: '192.168.0.10', ...endpoint }, nodeRegistration: { name: 'cp1', ...(!sockets && { criSocket: '/var/run/dockershim.sock' }), ...node } })}
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

const quoted = (word: string) => `'${word.replaceAll('<tmp>', tmp).replaceAll('<hex64>', key).replaceAll('<hash>', key).replaceAll('<token>', 'aaaaaa.bbbbbbbbbbbbbbbb')}'`;

/** Placeholders for what is other each time: times of the log, tokens, keys, dates of certificates. */
const normal = (text: string) =>
  text
    .replace(/^([IWE])\d{4} [\d:.]+ +\d+ /gm, '$1<klog-time> ')
    .replace(/\b[A-Z][a-z]{2} \d\d, \d{4} \d\d:\d\d UTC/g, 'Jan 01, 2027 00:00 UTC')
    .replace(/"?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"?/g, (time) => (time.startsWith('"') ? '"<time>"' : '<time>'))
    .replace(/^( +uid: ).*/gm, '$1<uid>')
    .replace(/^( +resourceVersion: ).*/gm, '$1<rv>')
    .replace(/(certificate-authority-data: ).*/g, '$1<base64>')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:<hash>')
    // The test server's certificate file held two certificates.
    .replace(/(--discovery-token-ca-cert-hash sha256:<hash> )+/g, '$1')
    .replace(/kubeadm-init-dryrun\d+/g, 'kubeadm-init-dryrun<random>')
    .replace(/bootstrap-token-(?!abcdef)[a-z0-9]{6}/g, 'bootstrap-token-<id>')
    .replace(/^(\t +(?:expiration|token-id|token-secret): ).*/gm, '$1<base64>')
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

/** Lines are typed on this machine. */
function shellOn(machine: Machine, { id, situation, api }: { id: string; situation: Situation; api?: KubeadmOptions['api'] }): MachineShell {
  const random = createRandom(id);
  const { missing = [], user } = situation;
  const programs = Object.fromEntries(Object.entries(programsOf(situation.answers ?? {})).filter(([name]) => !missing.includes(name)));
  const kubeadm = kubeadmCommand({ machine, release: { ...v1_20, goVersion: 'go1.19.8' }, ...(api && { api }) });
  return createMachineShell({ machine, network, loop: new Loop({ clock: machine.clock, random: random.fork('loop') }), random, programs: { ...programs, kubeadm, timeout }, ...(user && { user }), print: () => {} });
}

const lineOf = ({ env = {}, stopAfter }: Situation, argv: readonly string[]) => [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...(stopAfter ? [`timeout ${stopAfter}`] : []), ...argv.map(quoted)].join(' ');
const recorded = ({ exit, stdout, stderr }: TestCase) => ({ exit, stdout: normal(stdout), stderr: normal(stderr) });
const shown = ({ code, stdout, stderr }: Ran) => ({ exit: code, stdout: normal(stdout), stderr: normal(stderr) });

function replay(testCase: TestCase): Outcome {
  if (isClusterCase(testCase)) return replayInOrder(testCase);
  const situation = situationOf(testCase.id);
  const machine = machineOf(situation, new Clock());
  const shell = shellOn(machine, { id: testCase.id, situation });
  for (const before of situation.before ?? []) shell.run(before.replaceAll('<tmp>', tmp));
  const ran = shell.run(lineOf(situation, testCase['argv']));
  const { certs, clientCerts, filesLeft, texts } = testCase;
  const want = { ...recorded(testCase), ...(texts && { files: texts }), ...(certs && { certs: withoutSignatures(certs) }), ...(clientCerts && { clientCerts }), ...(filesLeft && { filesLeft }) };
  const outcome = compare({ ...shown(ran), ...left(machine.files, testCase) }, want);
  return outcome.result === 'passed' && certs ? passExcept(['certificates are words']) : outcome;
}

function replayInOrder(testCase: TestCase): Outcome {
  const situation = situationOf(testCase.id);
  const outcomes = inOrder(testCase['sequence'], (api, now) => {
    const machine = machineOf(situation, new Clock(now));
    const shell = shellOn(machine, { id: 'cluster', situation, api });
    for (const line of situation.before ?? []) shell.run(line);
    return (argv) => (shell.run('sleep 1'), shell.run(lineOf(situation, argv)));
  });
  const outcome = compare(clusterText(shown(outcomes.get(testCase.id)!)), clusterText(recorded(testCase)));
  return outcome.result === 'passed' && testCase.id.includes('kubeadm-certs') ? passExcept(['certificates are words']) : outcome;
}

/** Tokens come in the order of their names, which are drawn; data in that of a Go map; certificates have other sizes than real ones. */
const clusterText = ({ stdout, ...rest }: ReturnType<typeof recorded>) => ({
  ...rest,
  stdout: stdout.startsWith('TOKEN ') ? stdout.split('\n').map((line) => line.replace(/ +/g, ' ')).sort().join('\n') : /^Name: .*\n[^]*\nData\n/.test(stdout) ? stdout.replace(/\d+ bytes/g, '<n> bytes').split('\n').sort().join('\n') : stdout,
});

export const replayer: Replayer = {
  file: 'index.jsonl',
  replay,
  read(text, path) {
    const cases = text.split('\n').filter(Boolean).map((line) => {
      const testCase = JSON.parse(line) as TestCase;
      return testCase['files'] ? { ...testCase, texts: recordedFiles(path, testCase['files']) } : testCase;
    });
    const sequence = cases.filter(isClusterCase);
    return cases.map((testCase) => (isClusterCase(testCase) ? { ...testCase, sequence } : testCase));
  },
};
