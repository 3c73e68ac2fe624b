// Which Kubernetes we are. Every difference between releases is one entry here; components ask `has(name)`.

interface Change {
  /** The first minor release (1.x) in which it holds. */
  since: number;
  what: string;
  source: string;
}

export const changes = {
  'selector-field-errors': { since: 22, what: 'errors of label selectors name the part as a field: `<nil>: Invalid value: "a b": …`, `values[0][app]: Invalid value: …`', source: 'apimachinery/pkg/labels/selector.go' },
  'lengths-in-bytes': { since: 32, what: 'too long names: "must be no more than 63 bytes" instead of "characters"', source: 'apimachinery/pkg/util/validation' },
  'taint-message-untolerated': { since: 21, what: 'FailedScheduling says "had untolerated taint {k: v}" instead of "had taint {k: v}, that the pod didn\'t tolerate"', source: 'pkg/scheduler/framework/plugins/tainttoleration' },
  'scaling-message-previous': { since: 22, what: 'ScalingReplicaSet says "to 3 from 2" instead of "to 3"', source: 'kubernetes/kubernetes#101142, pkg/controller/deployment/sync.go' },
  'scaling-message-from-to': { since: 31, what: 'ScalingReplicaSet says "from 2 to 3"; a new replica set is scaled "from 0 to 3"', source: 'kubernetes/kubernetes#125118, pkg/controller/deployment/sync.go' },
  'pod-deletion-cost': { since: 22, what: 'The annotation controller.kubernetes.io/pod-deletion-cost takes part in choosing which pod of a replica set goes first', source: 'KEP-2255, pkg/controller/controller_utils.go' },
  'logarithmic-scale-down': { since: 22, what: 'Ages of pods are compared by their power of two when a replica set scales down; within one power by uid', source: 'KEP-2185, pkg/controller/controller_utils.go' },
  'node-monitor-grace-50s': { since: 32, what: 'A node that does not report is Unknown after 50 s instead of 40 s', source: 'kubernetes/kubernetes#126287, pkg/controller/nodelifecycle' },
  'no-token-secrets': { since: 24, what: 'No token Secret is made for a ServiceAccount', source: 'KEP-2799, pkg/controller/serviceaccount/tokens_controller.go' },
  'root-ca-configmap': { since: 20, what: 'Each namespace gets a ConfigMap kube-root-ca.crt', source: 'KEP-1205, pkg/controller/certificates/rootcacertpublisher' },
  'disruption-target': { since: 26, what: 'Pods that controllers remove get a DisruptionTarget condition first; orphaned pods of a deleted node become Failed', source: 'KEP-3329, pkg/controller/podgc' },
  'namespace-name-label': { since: 21, what: 'A namespace carries the label kubernetes.io/metadata.name', source: 'pkg/apis/core/v1/defaults.go' },
  'priority-class-policy-column': { since: 33, what: 'kubectl get priorityclasses has a column PreemptionPolicy', source: 'pkg/printers/internalversion/printers.go' },
  'volume-attributes-class-column': { since: 29, what: 'Claims and volumes have a column VolumeAttributesClass', source: 'pkg/printers/internalversion/printers.go' },
  'service-delete-collection': { since: 23, what: 'Services can be deleted as a collection', source: 'pkg/registry/core/service/storage' },
  'discovery-singular-names': { since: 27, what: 'Discovery fills in singularName', source: 'kubernetes/kubernetes#110053' },
  'version-compatibility': { since: 33, what: '/version names the emulated and the oldest compatible release', source: 'KEP-4330' },
  'bound-service-account-token-volume': { since: 21, what: 'Pods get a projected token volume kube-api-access-xxxxx instead of a token secret', source: 'KEP-1205, plugin/pkg/admission/serviceaccount' },
  'service-cluster-ips-field': { since: 22, what: 'A refused cluster IP is reported at spec.clusterIPs with the list as its value', source: 'pkg/registry/core/service/storage/alloc.go' },
  'restarts-ago': { since: 22, what: 'RESTARTS of pods is text and says when the last restart was: "3 (5m ago)"', source: 'kubernetes/kubernetes#98257, pkg/printers/internalversion/printers.go' },
  'sidecar-containers': { since: 29, what: 'An init container with restartPolicy Always runs beside the others (beta, on by default)', source: 'KEP-753' },
  'scheduling-gates': { since: 27, what: 'spec.schedulingGates holds a pod back; STATUS is SchedulingGated', source: 'KEP-3521' },
  'terminal-pods-not-terminating': { since: 30, what: 'STATUS of a deleted pod that has ended stays Completed or Error until it is gone', source: 'kubernetes/kubernetes#122038, pkg/printers/internalversion/printers.go' },
  'pod-generation': { since: 33, what: 'Pods have metadata.generation', source: 'KEP-5067, pkg/registry/core/pod/strategy.go' },
  'no-seccomp-annotations': { since: 27, what: 'The seccomp annotations of pods are no longer kept beside securityContext.seccompProfile, nor checked', source: 'kubernetes/kubernetes#114947, pkg/registry/core/pod/strategy.go' },
  'host-ports-only-in-pods': { since: 28, what: 'hostNetwork sets the hostPorts of pods, no longer those of pod templates', source: 'kubernetes/kubernetes#117696, pkg/apis/core/v1/defaults.go' },
  'generic-ephemeral-volumes': { since: 21, what: 'Volumes may have an ephemeral claim template (before it was dropped without a word)', source: 'KEP-1698' },
  'pod-overhead': { since: 18, what: 'spec.overhead of pods (beta, on by default)', source: 'KEP-688' },
  'json-patch-replace-missing': { since: 22, what: 'A JSON patch that replaces a missing field is refused', source: 'evanphx/json-patch 4.11' },
  'patch-discards-nulls': { since: 24, what: 'Nulls and directives in the new parts of a strategic merge patch are dropped before decoding', source: 'apimachinery/pkg/util/strategicpatch/patch.go' },
  'mixed-protocol-load-balancer': { since: 24, what: 'A load balancer service may mix protocols', source: 'KEP-1435, pkg/apis/core/validation' },
  'service-traffic-policy-errors': { since: 26, what: 'A bad externalTrafficPolicy is an unsupported value', source: 'pkg/apis/core/validation/validation.go' },
  'service-internal-traffic-policy': { since: 22, what: 'Services have internalTrafficPolicy, Cluster by default', source: 'KEP-2086, pkg/apis/core/v1/defaults.go' },
  'service-optional-node-ports': { since: 22, what: 'Load balancers have allocateLoadBalancerNodePorts, true by default', source: 'KEP-1864, pkg/apis/core/v1/defaults.go' },
  'service-ip-families': { since: 21, what: 'Services have ipFamilies and ipFamilyPolicy', source: 'KEP-563, pkg/registry/core/service' },
  'service-update-keeps-addresses': { since: 23, what: 'A PUT of a service without clusterIP, node ports or health check port keeps them', source: 'pkg/registry/core/service/storage' },
  'read-write-once-pod': { since: 27, what: 'Volumes know the access mode ReadWriteOncePod', source: 'KEP-2485' },
  'claim-attributes-class': { since: 29, what: 'The error of a changed claim also names volumeAttributesClassName', source: 'pkg/apis/core/validation/validation.go' },
  'field-validation': { since: 25, what: 'The server names unknown fields: fieldValidation Strict, Warn or Ignore', source: 'KEP-2885' },
} satisfies Record<string, Change>;

export type ChangeName = keyof typeof changes;

export interface Version {
  /** `v1.33.4` */
  readonly gitVersion: string;
  readonly minor: number;
  /** True when this release already behaves as the named change says. */
  has(change: ChangeName): boolean;
}

/** Patch releases we report, as `kubectl get nodes` prints them. */
const patches: Record<number, string> = { 20: 'v1.20.2', 33: 'v1.33.4' };

/** `v1.20` … `v1.33`; throws a RangeError for anything else. */
export function createVersion(name = 'v1.33'): Version {
  const minor = Number(/^v?1\.(\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (!(minor >= 13 && minor <= 33)) throw new RangeError(`unknown version ${JSON.stringify(name)}: v1.13 to v1.33`);
  return {
    gitVersion: patches[minor] ?? `v1.${minor}.0`,
    minor,
    has: (change) => minor >= changes[change].since,
  };
}
