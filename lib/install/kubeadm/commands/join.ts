// kubeadm join (cmd/kubeadm/app/cmd/join.go).
import { atMost } from '../frame/command.ts';
import { list, text, toggle, whole } from '../frame/flags.ts';
import { workflow } from '../frame/phases.ts';
import { type JoinData, joinData } from '../join/data.ts';
import { joined } from '../join/kubelet-start.ts';
import { joinPhases } from '../join/phases.ts';
import * as shared from './shared-flags.ts';

const long = `
When joining a kubeadm initialized cluster, we need to establish
bidirectional trust. This is split into discovery (having the Node
trust the Kubernetes Control Plane) and TLS bootstrap (having the
Kubernetes Control Plane trust the Node).

There are 2 main schemes for discovery. The first is to use a shared
token along with the IP address of the API server. The second is to
provide a file - a subset of the standard kubeconfig file. This file
can be a local file or downloaded via an HTTPS URL. The forms are
kubeadm join --discovery-token abcdef.1234567890abcdef 1.2.3.4:6443,
kubeadm join --discovery-file path/to/file.conf, or kubeadm join
--discovery-file https://url/file.conf. Only one form can be used. If
the discovery information is loaded from a URL, HTTPS must be used.
Also, in that case the host installed CA bundle is used to verify
the connection.

If you use a shared token for discovery, you should also pass the
--discovery-token-ca-cert-hash flag to validate the public key of the
root certificate authority (CA) presented by the Kubernetes Control Plane.
The value of this flag is specified as "<hash-type>:<hex-encoded-value>",
where the supported hash type is "sha256". The hash is calculated over
the bytes of the Subject Public Key Info (SPKI) object (as in RFC7469).
This value is available in the output of "kubeadm init" or can be
calculated using standard tools. The --discovery-token-ca-cert-hash flag
may be repeated multiple times to allow more than one public key.

If you cannot know the CA public key hash ahead of time, you can pass
the --discovery-token-unsafe-skip-ca-verification flag to disable this
verification. This weakens the kubeadm security model since other nodes
can potentially impersonate the Kubernetes Control Plane.

The TLS bootstrap mechanism is also driven via a shared token. This is
used to temporarily authenticate with the Kubernetes Control Plane to submit a
certificate signing request (CSR) for a locally created key pair. By
default, kubeadm will set up the Kubernetes Control Plane to automatically
approve these signing requests. This token is passed in with the
--tls-bootstrap-token abcdef.1234567890abcdef flag.

Often times the same token is used for both parts. In this case, the
--token flag can be used instead of specifying each token individually.
`;

const flags = [
  shared.nodeName,
  text('certificate-key', 'Use this key to decrypt the certificate secrets uploaded by init.'),
  text('apiserver-advertise-address', "If the node should host a new control plane instance, the IP address the API Server will advertise it's listening on. If not set the default network interface will be used."),
  whole('apiserver-bind-port', 'If the node should host a new control plane instance, the port for the API Server to bind to.', '6443'),
  text('discovery-token', 'For token-based discovery, the token used to validate cluster information fetched from the API server.'),
  list('discovery-token-ca-cert-hash', 'For token-based discovery, validate that the root CA public key matches this hash (format: "<type>:<value>").'),
  toggle('discovery-token-unsafe-skip-ca-verification', 'For token-based discovery, allow joining without --discovery-token-ca-cert-hash pinning.'),
  text('discovery-file', 'For file-based discovery, a file or URL from which to load cluster information.'),
  text('tls-bootstrap-token', 'Specify the token used to temporarily authenticate with the Kubernetes Control Plane while joining the node.'),
  shared.criSocket,
  text('config', 'Path to kubeadm config file.'),
  shared.ignorePreflightErrors,
  text('token', 'Use this token for both discovery-token and tls-bootstrap-token when those values are not provided.'),
  toggle('control-plane', 'Create a new control plane instance on this node'),
  shared.patches,
];

export const join = workflow<JoinData>(
  { name: 'join', words: '[api-server-endpoint]', short: 'Run this on any machine you wish to join an existing cluster', long, flags, args: atMost(1) },
  { phases: joinPhases, data: joinData, around: { after: ({ host }) => host.out(joined) } },
);
