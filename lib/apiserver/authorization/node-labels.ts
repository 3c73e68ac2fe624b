// Labels that a node may not give itself, lest it draws pods to it (pkg/kubelet/apis/well_known_labels.go).

type Labels = Readonly<Record<string, string>> | undefined;

const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const kubeletNamespaces = ['kubelet.kubernetes.io', 'node.kubernetes.io'];

const under = (namespace: string, domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);

function isForbidden(label: string): boolean {
  const namespace = label.includes('/') ? label.slice(0, label.indexOf('/')) : '';
  if (under(namespace, 'node-restriction.kubernetes.io')) return true;
  if (!under(namespace, 'kubernetes.io') && !under(namespace, 'k8s.io')) return false;
  return !kubeletLabels.has(label) && !kubeletNamespaces.some((domain) => under(namespace, domain));
}

/** Those that differ and may not, in order. */
export function forbiddenLabels(now: Labels, before: Labels): string[] {
  const keys = [...new Set([...Object.keys(now ?? {}), ...Object.keys(before ?? {})])];
  return keys.filter((key) => now?.[key] !== before?.[key] && isForbidden(key)).sort();
}
