// TLS bootstrap: kubeadm leaves the kubelet a token, and the kubelet gets itself a certificate (cmd/kubeadm/app/cmd/phases/join/kubelet.go).
import { isNotFound, type Node } from '../../../api/index.ts';
import { asked, connect } from '../api/connection.ts';
import { noteSocket } from '../api/upload.ts';
import type { Steps } from '../frame/command.ts';
import { fail, KubeadmError, wrapped } from '../frame/errors.ts';
import { kubeconfigText } from '../kubeconfig/create.ts';
import { startKubelet, stopKubelet, writeKubeletConfiguration, writeKubeletFlags } from '../kubelet/files.ts';
import { kubeletAdvice, waitForKubeletAnd } from '../kubelet/wait.ts';
import { paths } from '../release.ts';
import { clientOf, type Known, knowCluster } from './cluster.ts';
import type { JoinData } from './data.ts';

const bootstrapFile = `${paths.kubernetes}/bootstrap-kubelet.conf`;
const kubeletFile = `${paths.kubernetes}/kubelet.conf`;
const [interval, timeout] = [5_000, 300_000];

export function* startKubeletOfJoin(data: JoinData): Steps {
  const { host, join } = data;
  const known = yield* knowCluster(data);
  const { server, authority, token } = known.found;
  const { files } = host;
  files.makeDirectories(paths.kubernetes, 0o755);
  files.write(bootstrapFile, kubeconfigText({ server, authority, cluster: known.init.cluster.clusterName!, user: 'tls-bootstrap-token-user', credentials: { token } }), 0o600);
  try {
    if (!files.find(join.caCertPath!)) {
      files.makeDirectories(join.caCertPath!.replace(/\/[^/]*$/, ''), 0o755);
      files.write(join.caCertPath!, authority, 0o644);
    }
    yield* refuseNamesake(data, known);
    yield* stopKubelet(host);
    writeKubeletConfiguration(host, known.init, paths.kubelet);
    writeKubeletFlags(host, known.init, { folder: paths.kubelet, registerTaints: !join.controlPlane });
    yield* startKubelet(host);
    yield* waitForBootstrap(data);
    yield* uploadSocket(data);
  } finally {
    // The token is not left lying about.
    if (files.find(bootstrapFile)) files.remove(bootstrapFile);
  }
}

/** A second node of the same name would take the place of one that works. */
function* refuseNamesake({ host, join }: JoinData, { found }: Known): Steps {
  const client = yield* clientOf(host, found);
  const name = join.nodeRegistration.name!;
  let node: Node | undefined;
  try {
    node = asked(() => client.get('Node', { name }));
  } catch (error) {
    if (!(error instanceof KubeadmError && /not found$/.test(error.message)) && !isNotFound(error)) throw wrapped(error, `cannot get Node ${JSON.stringify(name)}`);
  }
  if (node?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) fail(`a Node with name ${JSON.stringify(name)} and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`);
}

function* waitForBootstrap({ host }: JoinData): Steps {
  host.out('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap...\n');
  function* ready(): Steps<boolean> {
    return host.files.find(kubeletFile) !== undefined && host.files.find(`${paths.kubelet}/pki/kubelet-client-current.pem`) !== undefined;
  }
  const error = yield* waitForKubeletAnd(host, ready, { interval, timeout });
  if (error === undefined) return;
  host.out(kubeletAdvice(error));
  fail(error);
}

function* uploadSocket({ host, join }: JoinData): Steps {
  try {
    yield* noteSocket(yield* connect(host, kubeletFile), join.nodeRegistration);
  } catch (error) {
    throw wrapped(error, 'error uploading crisocket');
  }
}

export const joined = `
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.

`;
