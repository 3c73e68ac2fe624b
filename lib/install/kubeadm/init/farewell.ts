// What `kubeadm init` says at its end: what to do next.
import { joinCommand } from '../join/command-line.ts';
import type { InitData } from './data.ts';

const withheld = '<value withheld>';

export function farewell({ host, init, kubeconfigPath, skipTokenPrint, skipCertificateKeyPrint, uploadCerts }: InitData): void {
  for (const { token = '' } of init.bootstrapTokens) {
    const shown = skipTokenPrint ? withheld : token;
    const worker = joinCommand(host, { kubeconfig: kubeconfigPath, token: shown });
    const key = skipCertificateKeyPrint ? withheld : (init.certificateKey ?? '');
    const another = init.cluster.controlPlaneEndpoint ? controlPlanes(joinCommand(host, { kubeconfig: kubeconfigPath, token: shown, controlPlane: { key } }), uploadCerts) : '';
    host.out(`
Your Kubernetes control-plane has initialized successfully!

To start using your cluster, you need to run the following as a regular user:

  mkdir -p $HOME/.kube
  sudo cp -i ${kubeconfigPath} $HOME/.kube/config
  sudo chown $(id -u):$(id -g) $HOME/.kube/config

Alternatively, if you are the root user, you can run:

  export KUBECONFIG=/etc/kubernetes/admin.conf

You should now deploy a pod network to the cluster.
Run "kubectl apply -f [podnetwork].yaml" with one of the options listed at:
  https://kubernetes.io/docs/concepts/cluster-administration/addons/

${another}Then you can join any number of worker nodes by running the following on each as root:

${worker}
`);
  }
}

const controlPlanes = (command: string, uploaded: boolean): string =>
  uploaded
    ? `You can now join any number of the control-plane node running the following command on each as root:

  ${command}

Please note that the certificate-key gives access to cluster sensitive data, keep it secret!
As a safeguard, uploaded-certs will be deleted in two hours; If necessary, you can use
"kubeadm init phase upload-certs --upload-certs" to reload certs afterward.

`
    : `You can now join any number of control-plane nodes by copying certificate authorities
and service account keys on each node and then running the following as root:

  ${command}

`;
