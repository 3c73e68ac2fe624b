// Which requests each signer of Kubernetes takes (pkg/controller/certificates/signer, pkg/apis/certificates/helpers.go).
import type { CertificateRequest } from '../../api/index.ts';

export const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';

/** What is wrong with a request; undefined when nothing is. */
type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

export const signers: Readonly<Record<string, Check>> = {
  'kubernetes.io/kube-apiserver-client': (_, usages) => clientUsages(usages),
  [kubeletClient]: (request, usages) => notOfNodes(request) ?? unwanted(request, ['DNS', 'Email', 'IP', 'URI']) ?? notNamed(request) ?? otherUsages(usages, 'client auth'),
  'kubernetes.io/kubelet-serving': (request, usages) =>
    notOfNodes(request) ??
    (request.dnsNames.length + request.ipAddresses.length === 0 ? 'DNS or IP subjectAltName is required' : undefined) ??
    unwanted(request, ['Email', 'URI']) ??
    otherUsages(usages, 'server auth') ??
    notNamed(request),
  // Takes all, as all signing once did.
  'kubernetes.io/legacy-unknown': () => undefined,
};

function clientUsages(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

const notOfNodes = ({ subject: { O = [] } }: CertificateRequest) => (O.length === 1 && O[0] === 'system:nodes' ? undefined : 'subject organization is not system:nodes');
const notNamed = ({ subject: { CN = [] } }: CertificateRequest) => (CN.at(-1)?.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:');

const alternatives = { DNS: 'dnsNames', Email: 'emailAddresses', IP: 'ipAddresses', URI: 'uris' } as const;

function unwanted(request: CertificateRequest, names: readonly (keyof typeof alternatives)[]): string | undefined {
  const found = names.find((name) => request[alternatives[name]].length > 0);
  return found && `${found} subjectAltNames are not allowed`;
}

function otherUsages(usages: readonly string[], purpose: string): string | undefined {
  const wanted = [purpose, 'digital signature', 'key encipherment'].sort();
  const same = new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage));
  return same ? undefined : `usages did not match [${wanted.join(' ')}]`;
}
