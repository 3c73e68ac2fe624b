// kubeadm certs (cmd/kubeadm/app/cmd/alpha/certs.go).
import { expirationTable } from '../certificates/expiration.ts';
import { renew as renewOne, type Renewable, renewable } from '../certificates/renewal.ts';
import { newCertificateKey } from '../configuration/dynamic-defaults.ts';
import { loadInit } from '../configuration/read.ts';
import { initDefaults } from '../configuration/static-defaults.ts';
import { type KubeadmCall, type KubeadmCommand, macroDescription, needsSubcommand, noArgs, type Steps } from '../frame/command.ts';
import { notBuilt } from '../frame/not-built.ts';
import { kubeconfigServer } from '../kubeconfig/read.ts';
import { paths, v1_20 } from '../release.ts';
import { unknownSocket } from './images.ts';
import * as shared from './shared-flags.ts';

const renewal = (what: string) => `Renew the ${what}.

Renewals run unconditionally, regardless of certificate expiration date; extra attributes such as SANs will be based on the existing file/certificates, there is no need to resupply them.

Renewal by default tries to use the certificate authority in the local PKI managed by kubeadm; as alternative it is possible to use K8s certificate API for certificate renewal, or as a last option, to generate a CSR request.

After renewal, in order to make changes effective, is required to restart control-plane components and eventually re-distribute the renewed certificate in case the file is used elsewhere.`;

/** The folder of certificates: the cluster would know it best; where it does not answer, the usual. */
function* folderOf({ host, flags }: KubeadmCall, prefix: string): Steps<string> {
  const config = flags.string('config');
  const server = config ? undefined : kubeconfigServer(host, flags.string('kubeconfig') || paths.admin);
  if (server !== undefined) {
    host.out(`[${prefix}] Reading configuration from the cluster...\n[${prefix}] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n`);
    const { error } = yield* host.connect(server);
    if (!error) notBuilt('reading the configuration from a cluster');
    host.out(`[${prefix}] Error reading configuration from the Cluster. Falling back to default configuration\n\n`);
  }
  const { cluster } = yield* loadInit(host, config, initDefaults({ nodeRegistration: { criSocket: unknownSocket } }, { kubernetesVersion: v1_20.kubernetes, certificatesDir: flags.string('cert-dir') }));
  return cluster.certificatesDir!;
}

function* renewAll(call: KubeadmCall, wanted: readonly Renewable[]): Steps {
  if (call.flags.bool('csr-only')) notBuilt('certs renew --csr-only');
  const folder = yield* folderOf(call, 'renew');
  for (const one of wanted) renewOne(call.host, folder, one);
}

const renewFlags = [shared.config, shared.certDir, shared.kubeconfig, shared.csrOnly, shared.csrDir];

const renew: KubeadmCommand = {
  name: 'renew',
  short: 'Renew certificates for a Kubernetes cluster',
  long: macroDescription,
  commands: [
    ...renewable.map((one): KubeadmCommand => ({ name: one.name, short: `Renew the ${one.longName}`, long: renewal(one.longName), flags: renewFlags, run: (call) => renewAll(call, [one]) })),
    {
      name: 'all',
      short: 'Renew all available certificates',
      long: 'Renew all known certificates necessary to run the control plane. Renewals are run unconditionally, regardless of expiration date. Renewals can also be run individually for more control.',
      flags: renewFlags,
      args: noArgs,
      *run(call) {
        yield* renewAll(call, renewable);
        call.host.out('\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n');
      },
    },
  ],
  run: needsSubcommand('renew'),
};

const checkExpiration: KubeadmCommand = {
  name: 'check-expiration',
  short: 'Check certificates expiration for a Kubernetes cluster',
  long: 'Checks expiration for the certificates in the local PKI managed by kubeadm.',
  flags: [shared.config, shared.certDir, shared.kubeconfig],
  args: noArgs,
  *run(call) {
    const folder = yield* folderOf(call, 'check-expiration');
    call.host.out(expirationTable(call.host, folder));
  },
};

const certificateKey: KubeadmCommand = {
  name: 'certificate-key',
  short: 'Generate certificate keys',
  long: `
This command will print out a secure randomly-generated certificate key that can be used with
the "init" command.

You can also use "kubeadm init --upload-certs" without specifying a certificate key and it will
generate and print one for you.
`,
  args: noArgs,
  *run({ host }) {
    host.out(`${newCertificateKey(host)}\n`);
  },
};

const generateCsr: KubeadmCommand = {
  name: 'generate-csr',
  short: 'Generate keys and certificate signing requests',
  long: `Generates keys and certificate signing requests (CSRs) for all the certificates required to run the control plane. This command also generates partial kubeconfig files with private key data in the  "users > user > client-key-data" field, and for each kubeconfig file an accompanying ".csr" file is created.

This command is designed for use in [Kubeadm External CA Mode](https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#external-ca-mode). It generates CSRs which you can then submit to your external certificate authority for signing.

The PEM encoded signed certificates should then be saved alongside the key files, using ".crt" as the file extension, or in the case of kubeconfig files, the PEM encoded signed certificate should be base64 encoded and added to the kubeconfig file in the "users > user > client-certificate-data" field.`,
  example: '  # The following command will generate keys and CSRs for all control-plane certificates and kubeconfig files:\n  kubeadm alpha certs generate-csr --kubeconfig-dir /tmp/etc-k8s --cert-dir /tmp/etc-k8s/pki',
  flags: [shared.config, { ...shared.certDir, value: '' }, shared.kubeconfigDir],
  args: noArgs,
  *run() {
    notBuilt('certs generate-csr');
  },
};

export const certs: KubeadmCommand = { name: 'certs', aliases: ['certificates'], short: 'Commands related to handling kubernetes certificates', commands: [renew, checkExpiration, certificateKey, generateCsr] };
