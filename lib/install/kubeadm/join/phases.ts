// The phases of `kubeadm join`, in their order (cmd/kubeadm/app/cmd/phases/join).
import { noArgs } from '../frame/command.ts';
import { notBuilt } from '../frame/not-built.ts';
import type { Phase } from '../frame/phases.ts';
import { joinChecks } from '../preflight/lists.ts';
import type { JoinData } from './data.ts';
import { knowCluster } from './cluster.ts';
import { startKubeletOfJoin } from './kubelet-start.ts';

type JoinPhase = Phase<JoinData>;

/** Of another control plane only: a worker has nothing to do there. */
const later = (what: string) => ({ join }: JoinData) => void (join.controlPlane && notBuilt(what));
const words = '[api-server-endpoint]';
const tokens = ['discovery-file', 'discovery-token', 'discovery-token-ca-cert-hash', 'discovery-token-unsafe-skip-ca-verification', 'tls-bootstrap-token', 'token'];

const preflight: JoinPhase = {
  name: 'preflight',
  words,
  short: 'Run join pre-flight checks',
  long: 'Run pre-flight checks for kubeadm join.',
  example: '  # Run join pre-flight checks using a config file.\n  kubeadm join phase preflight --config kubeadm-config.yml',
  inherits: ['config', 'ignore-preflight-errors', 'control-plane', 'apiserver-advertise-address', 'apiserver-bind-port', 'cri-socket', 'node-name', 'certificate-key', ...tokens],
  *run(data) {
    const { host, join, ignored } = data;
    host.out('[preflight] Running pre-flight checks\n');
    yield* joinChecks(host, join, ignored);
    yield* knowCluster(data);
    if (join.controlPlane) notBuilt('join --control-plane');
  },
};

const prepareExample = '  # Prepares the machine for serving a control plane\n  kubeadm join phase control-plane-prepare all';

const controlPlanePrepare: JoinPhase = {
  name: 'control-plane-prepare',
  short: 'Prepare the machine for serving a control plane',
  example: prepareExample,
  phases: [
    { name: 'all', words, short: 'Prepare the machine for serving a control plane', all: true, inherits: ['apiserver-advertise-address', 'apiserver-bind-port', 'config', 'control-plane', 'node-name', 'certificate-key', 'experimental-patches', ...tokens] },
    {
      name: 'download-certs',
      words,
      short: '[EXPERIMENTAL] Download certificates shared among control-plane nodes from the kubeadm-certs Secret',
      inherits: ['config', 'control-plane', 'certificate-key', ...tokens],
      run: later('phase control-plane-prepare'),
    },
    { name: 'certs', words, short: 'Generate the certificates for the new control plane components', inherits: ['apiserver-advertise-address', 'config', 'control-plane', 'node-name', ...tokens], run: later('phase control-plane-prepare') },
    { name: 'kubeconfig', words, short: 'Generate the kubeconfig for the new control plane components', inherits: ['config', 'control-plane', 'certificate-key', ...tokens], run: later('phase control-plane-prepare') },
    {
      name: 'control-plane',
      short: 'Generate the manifests for the new control plane components',
      inherits: ['apiserver-advertise-address', 'apiserver-bind-port', 'config', 'control-plane', 'experimental-patches'],
      args: noArgs,
      run: later('phase control-plane-prepare'),
    },
  ],
};

const checkEtcd: JoinPhase = { name: 'check-etcd', short: '', hidden: true, run: later('phase check-etcd') };

const kubeletStart: JoinPhase = {
  name: 'kubelet-start',
  words,
  short: 'Write kubelet settings, certificates and (re)start the kubelet',
  long: 'Write a file with KubeletConfiguration and an environment file with node specific kubelet settings, and then (re)start kubelet.',
  inherits: ['config', 'cri-socket', 'node-name', ...tokens],
  run: startKubeletOfJoin,
};

const joinExample = '  # Joins a machine as a control plane instance\n  kubeadm join phase control-plane-join all';
const joinFlags = ['config', 'control-plane', 'node-name'];

const controlPlaneJoin: JoinPhase = {
  name: 'control-plane-join',
  short: 'Join a machine as a control plane instance',
  example: joinExample,
  phases: [
    { name: 'all', short: 'Join a machine as a control plane instance', all: true, args: noArgs, inherits: [...joinFlags, 'apiserver-advertise-address'] },
    { name: 'etcd', short: 'Add a new local etcd member', args: noArgs, inherits: [...joinFlags, 'experimental-patches', 'apiserver-advertise-address'], run: later('phase control-plane-join') },
    {
      name: 'update-status',
      short: 'Register the new control-plane node into the ClusterStatus maintained in the kubeadm-config ConfigMap',
      args: noArgs,
      inherits: [...joinFlags, 'apiserver-advertise-address'],
      run: later('phase control-plane-join'),
    },
    { name: 'mark-control-plane', short: 'Mark a node as a control-plane', args: noArgs, inherits: joinFlags, run: later('phase control-plane-join') },
  ],
};

export const joinPhases: readonly JoinPhase[] = [preflight, controlPlanePrepare, checkEtcd, kubeletStart, controlPlaneJoin];
