// Which Kubernetes we are. Every difference between releases is one entry here; components ask `has(name)`.

interface Change {
  /** The first minor release (1.x) in which it holds. */
  since: number;
  what: string;
  source: string;
}

export const changes = {
  'selector-field-errors': { since: 21, what: 'errors of label selectors name the part as a field: `<nil>: Invalid value: "a b": …`, `values[0][app]: Invalid value: …`', source: 'apimachinery 10e20f4d, pkg/labels/selector.go' },
  'kubectl-version-always-short': { since: 28, what: 'kubectl version knows no --short: it prints as little anyway', source: 'CHANGELOG-1.28, staging/src/k8s.io/kubectl/pkg/cmd/version' },
  'taint-message-untolerated': { since: 24, what: 'FailedScheduling says "had untolerated taint {k: v}" instead of "had taint {k: v}, that the pod didn\'t tolerate"', source: 'pkg/scheduler/framework/plugins/tainttoleration' },
  'scaling-message-previous': { since: 25, what: 'ScalingReplicaSet says "to 3 from 2" instead of "to 3", except of a new replica set', source: 'kubernetes/kubernetes#101142, pkg/controller/deployment/sync.go' },
  'scaling-message-from-to': { since: 32, what: 'ScalingReplicaSet says "from 2 to 3"; a new replica set is scaled "from 0 to 3"', source: 'kubernetes/kubernetes#125118, pkg/controller/deployment/sync.go' },
  'pod-deletion-cost': { since: 22, what: 'The annotation controller.kubernetes.io/pod-deletion-cost takes part in choosing which pod of a replica set goes first', source: 'KEP-2255, pkg/controller/controller_utils.go' },
  'logarithmic-scale-down': { since: 22, what: 'Ages of pods are compared by their power of two when a replica set scales down; within one power by uid', source: 'KEP-2185, pkg/controller/controller_utils.go' },
  'node-monitor-grace-50s': { since: 32, what: 'A node that does not report is Unknown after 50 s instead of 40 s', source: 'kubernetes/kubernetes#126287, pkg/controller/nodelifecycle (v1.31 took it over in a patch release)' },
  'no-token-secrets': { since: 24, what: 'No token Secret is made for a ServiceAccount', source: 'KEP-2799, pkg/controller/serviceaccount/tokens_controller.go' },
  'root-ca-configmap': { since: 20, what: 'Each namespace gets a ConfigMap kube-root-ca.crt', source: 'KEP-1205, pkg/controller/certificates/rootcacertpublisher' },
  'root-ca-description': { since: 22, what: 'The ConfigMap kube-root-ca.crt carries a description as an annotation', source: 'kubernetes/kubernetes#100926, pkg/controller/certificates/rootcacertpublisher' },
  'taint-eviction-controller': { since: 29, what: 'Eviction by NoExecute taints is a controller of its own, and its events come from taint-eviction-controller', source: 'KEP-3902, pkg/controller/tainteviction' },
  'endpointslice-node-name': { since: 21, what: 'Endpoints of a slice have nodeName and zone instead of a topology map', source: 'kubernetes/kubernetes#99746 and #99870, pkg/controller/endpointslice' },
  'endpointslice-controller-v1': { since: 21, what: 'Ports of a slice are ordered by a hash of their discovery.k8s.io/v1 form instead of v1beta1', source: 'kubernetes/kubernetes#96318, pkg/controller/util/endpoint' },
  'mirrored-not-ready': { since: 21, what: 'notReadyAddresses of hand-made Endpoints are copied into slices as not ready', source: 'pkg/controller/endpointslicemirroring/reconciler.go' },
  'endpointslice-serving': { since: 22, what: 'Endpoints of a slice say serving and terminating; pods that terminate stay in it until they are gone', source: 'KEP-1672, kubernetes/kubernetes#103596, pkg/controller/endpointslice' },
  'endpoints-deprecated': { since: 33, what: 'Requests for Endpoints are answered with a warning', source: 'KEP-4974, kubernetes/kubernetes#130098' },
  'endpoints-truncated': { since: 22, what: 'Endpoints hold at most 1,000 addresses', source: 'kubernetes/kubernetes#103520, pkg/controller/endpoint/endpoints_controller.go' },
  'endpoint-target-no-version': { since: 24, what: 'The targetRef of an endpoint has no resourceVersion', source: 'kubernetes/kubernetes#108450, pkg/controller/endpoint' },
  'endpoints-managed-by': { since: 33, what: 'Endpoints made by the controller carry the label endpoints.kubernetes.io/managed-by', source: 'KEP-4974, pkg/controller/endpoint' },
  'pdb-conditions': { since: 21, what: 'A PodDisruptionBudget has the condition DisruptionAllowed', source: 'kubernetes/kubernetes#98127, pkg/controller/disruption' },
  'disruption-target': { since: 26, what: 'Pods that controllers remove get a DisruptionTarget condition first; orphaned pods of a deleted node become Failed', source: 'KEP-3329, pkg/controller/podgc' },
  'namespace-name-label': { since: 21, what: 'A namespace carries the label kubernetes.io/metadata.name', source: 'KEP-2161, kubernetes/kubernetes#96968, pkg/apis/core/v1/defaults.go' },
  'priority-class-policy-column': { since: 32, what: 'kubectl get priorityclasses has a column PreemptionPolicy', source: 'kubernetes/kubernetes#126529' },
  'volume-attributes-class-column': { since: 29, what: 'Claims and volumes have a column VolumeAttributesClass', source: 'KEP-3751, pkg/printers/internalversion/printers.go' },
  'service-delete-collection': { since: 23, what: 'Services can be deleted as a collection, and deleting one answers with the object', source: 'kubernetes/kubernetes#96684, pkg/registry/core/service/storage' },
  'discovery-singular-names': { since: 27, what: 'Discovery fills in singularName', source: 'apiserver/pkg/endpoints/installer.go (SingularNameProvider)' },
  'version-compatibility': { since: 33, what: '/version names the emulated and the oldest compatible release', source: 'KEP-4330' },
  'bound-service-account-token-volume': { since: 21, what: 'Pods get a projected token volume kube-api-access-… instead of a token secret', source: 'KEP-1205, plugin/pkg/admission/serviceaccount' },
  'cluster-ip-error-text': { since: 23, what: 'A refused cluster IP: "failed to allocate IP 10.0.0.1: …" instead of "failed to allocated ip:10.0.0.1 with error:…"', source: 'kubernetes/kubernetes#96684, pkg/registry/core/service/storage/alloc.go' },
  'restarts-ago': { since: 22, what: 'RESTARTS of pods is text and says when the last restart was: "3 (5m ago)"', source: 'kubernetes/kubernetes#100142, pkg/printers/internalversion/printers.go' },
  'sidecar-containers': { since: 29, what: 'An init container with restartPolicy Always runs beside the others (beta, on by default)', source: 'KEP-753' },
  'scheduling-gates': { since: 27, what: 'spec.schedulingGates holds a pod back; STATUS is SchedulingGated', source: 'KEP-3521' },
  'terminal-pods-not-terminating': { since: 31, what: 'STATUS of a deleted pod that has ended stays Completed or Error until it is gone', source: 'kubernetes/kubernetes#122038, pkg/printers/internalversion/printers.go' },
  'pod-generation': { since: 33, what: 'Pods have metadata.generation', source: 'KEP-5067, kubernetes/kubernetes#130181, pkg/registry/core/pod/strategy.go' },
  'no-seccomp-annotations': { since: 27, what: 'The seccomp annotations of pods are no longer kept beside securityContext.seccompProfile, nor checked', source: 'kubernetes/kubernetes#114947, pkg/registry/core/pod/strategy.go' },
  'host-ports-only-in-pods': { since: 28, what: 'hostNetwork sets the hostPorts of pods, no longer those of pod templates', source: 'kubernetes/kubernetes#117696, pkg/apis/core/v1/defaults.go' },
  'generic-ephemeral-volumes': { since: 21, what: 'Volumes may have an ephemeral claim template (before it was dropped without a word)', source: 'KEP-1698' },
  'pod-overhead': { since: 18, what: 'spec.overhead of pods (beta, on by default)', source: 'KEP-688' },
  'patch-discards-nulls': { since: 24, what: 'Nulls and directives in the new parts of a strategic merge patch are dropped before decoding', source: 'apimachinery 1b70fc86, pkg/util/strategicpatch/patch.go' },
  'mixed-protocol-load-balancer': { since: 24, what: 'A load balancer service may mix protocols', source: 'KEP-1435, pkg/apis/core/validation' },
  'service-traffic-policy-errors': { since: 23, what: 'A bad externalTrafficPolicy is an unsupported value', source: 'pkg/apis/core/validation/validation.go' },
  'service-internal-traffic-policy': { since: 22, what: 'Services have internalTrafficPolicy, Cluster by default', source: 'KEP-2086, pkg/apis/core/v1/defaults.go' },
  'service-optional-node-ports': { since: 22, what: 'Load balancers have allocateLoadBalancerNodePorts, true by default', source: 'KEP-1864, pkg/apis/core/v1/defaults.go' },
  'dual-stack': { since: 21, what: 'A node may have an address range of each family', source: 'KEP-563, pkg/registry/core/node/strategy.go' },
  'binding-preconditions': { since: 21, what: 'A binding may name the uid of the pod it means', source: 'pkg/registry/core/pod/storage' },
  'empty-budget-selector': { since: 21, what: 'A PodDisruptionBudget with an empty selector is about all pods, no longer about none', source: 'policy/v1, pkg/registry/core/pod/storage/eviction.go' },
  'log-init-containers-apart': { since: 21, what: 'The error for a log of a pod with several containers names init containers apart from the others', source: 'pkg/registry/core/pod/strategy.go' },
  'service-ip-families': { since: 21, what: 'Services have ipFamilies and ipFamilyPolicy', source: 'KEP-563, pkg/registry/core/service' },
  'service-update-keeps-addresses': { since: 23, what: 'A PUT of a service without clusterIP, node ports or health check port keeps them', source: 'kubernetes/kubernetes#96684, pkg/registry/core/service/storage (patchAllocatedValues)' },
  'read-write-once-pod': { since: 27, what: 'Volumes know the access mode ReadWriteOncePod', source: 'KEP-2485' },
  'claim-attributes-class': { since: 29, what: 'The error of a changed claim also names volumeAttributesClassName', source: 'KEP-3751, pkg/apis/core/validation/validation.go' },
  'field-validation': { since: 25, what: 'The server names unknown fields: fieldValidation Strict, Warn or Ignore', source: 'KEP-2885' },
  'newer-fields': { since: 21, what: 'Fields that came after v1.20 are known (all at once)', source: 'kubernetes-types 1.30' },
  'removed-fields': { since: 25, what: 'Service topologyKeys (gone in v1.22) and metadata.clusterName (gone in v1.25) are unknown (all at once)', source: 'kubernetes/kubernetes#102412, kubernetes/kubernetes#109602' },
  'strict-decoding': { since: 23, what: 'Decoding errors are in the words of encoding/json', source: 'apimachinery/pkg/runtime/serializer/json (sigs.k8s.io/json instead of json-iterator)' },
  'node-name-message': { since: 21, what: 'Scheduling: "didn\'t match the requested node name" instead of "requested hostname"', source: 'plugins/nodename' },
  'node-affinity-message': { since: 21, what: 'Scheduling: "didn\'t match Pod\'s node affinity/selector" instead of "…node affinity"', source: 'plugins/nodeaffinity' },
  'interpod-exact-message': { since: 21, what: 'InterPodAffinity gives only the exact reason, not also "didn\'t match pod affinity/anti-affinity"', source: 'plugins/interpodaffinity' },
  'interpod-score-by-range': { since: 21, what: 'InterPodAffinity scores are scaled from their lowest, no longer from 0, so that equal scores all become 0', source: 'plugins/interpodaffinity/scoring.go' },
  'prefilter-message-once': { since: 26, what: 'A refusal before the search is printed once in FailedScheduling, without a count', source: 'framework/types.go FitError' },
  'preemption-message': { since: 24, what: 'FailedScheduling ends with "preemption: 0/3 nodes are available: …"', source: 'plugins/defaultpreemption' },
  'prefilter-node-names': { since: 32, what: 'Pods whose node affinity names nodes are tried on those nodes only, and the others are counted as "didn\'t satisfy plugin(s) [NodeAffinity]" (from v1.24 on they were left out of the message)', source: 'plugins/nodeaffinity PreFilterResult, pkg/scheduler/schedule_one.go' },
  'prescore-skip': { since: 28, what: 'A plugin with nothing to score for a pod is left out of the sums', source: 'framework PreScore Skip (v1.27), plugins/interpodaffinity and plugins/podtopologyspread scoring.go (v1.28)' },
  'multipoint-weights': { since: 23, what: 'Weights of scores: TaintToleration 3, NodeAffinity 2, InterPodAffinity 2', source: 'apis/config/v1beta3/default_plugins.go' },
  'scoring-strategies': { since: 22, what: 'NodeResourcesLeastAllocated and NodeResourcesMostAllocated are strategies of NodeResourcesFit', source: 'KEP-2458' },
  'no-prefer-avoid-pods': { since: 22, what: 'NodePreferAvoidPods is no longer a default plugin (and gone in v1.23)', source: 'kubernetes/kubernetes#99597, apis/config/v1beta2/default_plugins.go' },
  'csi-volume-limits-only': { since: 31, what: 'EBSLimits, GCEPDLimits and AzureDiskLimits are no default plugins any more (and gone in v1.32); NodeVolumeLimits reads CSINode only', source: 'kubernetes/kubernetes#124500, kubernetes/kubernetes#124003' },
  'balanced-by-deviation': { since: 23, what: 'NodeResourcesBalancedAllocation: (1 - standard deviation) x 100 of plain requests instead of (1 - difference) x 100 with stand-ins (v1.22: the deviation, with stand-ins)', source: 'kubernetes/kubernetes#101946, kubernetes/kubernetes#105845, plugins/noderesources/balanced_allocation.go' },
  'balanced-skips-best-effort': { since: 33, what: 'NodeResourcesBalancedAllocation says nothing about pods without requests', source: 'kubernetes/kubernetes#130260' },
  'scores-ignore-missing-resources': { since: 22, what: 'Least and most allocated leave out a resource that the node does not have', source: 'kubernetes/kubernetes#101946, plugins/noderesources/resource_allocation.go' },
  'score-overhead-in-milli': { since: 27, what: 'Overhead of cpu counts in milli-cores when nodes are scored (before: rounded up to whole units)', source: 'plugins/noderesources/resource_allocation.go' },
  'fit-only-requested': { since: 28, what: 'NodeResourcesFit checks only the resources that the pod requests', source: 'plugins/noderesources/fit.go' },
  'image-locality-init-containers': { since: 30, what: 'ImageLocality counts the images of init containers too', source: 'plugins/imagelocality' },
  'spread-counts-eligible-nodes': { since: 24, what: 'PodTopologySpread counts pods only on nodes that the pod may run on', source: 'plugins/podtopologyspread/filtering.go' },
  'spread-min-domains': { since: 27, what: 'PodTopologySpread has minDomains, 1 by default', source: 'KEP-3022, kubernetes/kubernetes#114445 (beta since v1.25, but off)' },
  'spread-score-rounded': { since: 24, what: 'PodTopologySpread scores are rounded, not cut off', source: 'plugins/podtopologyspread/scoring.go' },
  'default-spread-any-key': { since: 23, what: 'Default spreading needs not all of its keys on a node', source: 'plugins/podtopologyspread/scoring.go' },
  'default-spread-by-owner': { since: 22, what: 'Default spreading asks the owner of a pod, no longer all workloads that select it', source: 'plugins/helper/spread.go' },
  'missing-volume-message': { since: 23, what: 'Claims bound to a volume that is gone: "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"', source: 'plugins/volumebinding/binder.go' },
  'queueing-hints': { since: 32, what: 'A waiting pod is tried again only after events that may help it', source: 'KEP-4247, kubernetes/kubernetes#128472 (v1.28.0 had the gate on, but no hints)' },
  'retry-on-plugin-events': { since: 22, what: 'A waiting pod is tried again only after events of kinds that its refusing plugins wait for', source: 'framework EventsToRegister' },
  'unschedulable-five-minutes': { since: 24, what: 'A waiting pod is tried again after 5 minutes without an event instead of 60 s', source: 'kubernetes/kubernetes#108761, internal/queue/scheduling_queue.go' },
  'too-long-may-not-be': { since: 32, what: 'field errors: "Too long: may not be more than 63 bytes" instead of "must have at most 63 bytes"', source: 'apimachinery 51cdbebd, pkg/util/validation/field/errors.go' },
  'selector-values-validated': { since: 26, what: 'values of matchExpressions must be valid label values', source: 'apimachinery 579ce622, pkg/apis/meta/v1/validation' },
  'host-ips': { since: 29, what: 'fieldRef may name status.hostIPs', source: 'KEP-2681' },
  'downward-api-huge-pages': { since: 23, what: 'resourceFieldRef may name requests.hugepages-* and limits.hugepages-* (beta, on by default)', source: 'KEP-2053, kubernetes/kubernetes#106271 (beta since v1.21, but off)' },
  'relaxed-env-names': { since: 32, what: 'names of environment variables may hold any printable ASCII character but "="', source: 'KEP-4369' },
  'limit-in-message': { since: 27, what: '"must be less than or equal to cpu limit of 1" instead of "… to cpu limit"', source: 'pkg/apis/core/validation/validation.go' },
  'sysctl-slashes': { since: 25, what: 'names of sysctls may be written with slashes', source: 'kubernetes/kubernetes#106834' },
  'namespace-selector': { since: 22, what: 'namespaceSelector of pod affinity terms (beta, on by default); errors of the label selector name the field labelSelector (from v1.21 on)', source: 'KEP-2249' },
  'spread-options': { since: 27, what: 'minDomains, node inclusion policies and the label selector of spread constraints are checked', source: 'KEP-3022, KEP-3094, pkg/apis/core/validation/validation.go' },
  'expanded-dns-config': { since: 26, what: '32 search paths of 2048 characters instead of 6 of 256', source: 'KEP-2595' },
  'containers-by-kind': { since: 25, what: 'containers, init containers and ephemeral containers are validated one by one: another order of errors, "Forbidden" for probes of init containers', source: 'pkg/apis/core/validation/validation.go' },
  'huge-page-sizes': { since: 19, what: 'pods may use several sizes of huge pages (beta, on by default)', source: 'KEP-1539' },
  'pod-update-grace': { since: 22, what: 'an update may set a negative terminationGracePeriodSeconds of a pod to 1', source: 'kubernetes/kubernetes#98866' },
  'pod-update-list': { since: 27, what: 'the list of fields of a pod that may change is joined by commas; the difference shows the old value first (from v1.24 on)', source: 'pkg/apis/core/validation/validation.go' },
  'node-update-names-field': { since: 21, what: 'A refused node update names the field, "spec.externalID: Forbidden: may not be updated", instead of what may change', source: 'pkg/apis/core/validation/validation.go' },
  'chain-kube-ext': { since: 24, what: 'kube-proxy names the chain of outside traffic KUBE-EXT- instead of KUBE-XLB-', source: 'kubernetes/kubernetes#106497, pkg/proxy/iptables' },
  'pod-template-structs': { since: 21, what: 'pod-template-hash has other values, because the structs that are hashed have more fields: those of probes and pod affinity from v1.21 on, the pod spec itself from v1.23 on', source: 'pkg/controller/controller_utils.go, api/core/v1/types.go' },
  'pulled-message-waiting': { since: 26, what: 'Pulled says how long the pull took with and without waiting: "in 1.2s (1.2s including waiting)"', source: 'pkg/kubelet/images/image_manager.go (v1.25 took it over in a patch release)' },
  'pulled-message-size': { since: 30, what: 'Pulled ends with "Image size: 72950530 bytes."', source: 'pkg/kubelet/images/image_manager.go' },
  'pull-backoff-names-error': { since: 32, what: 'The message of ImagePullBackOff ends with the error of the last pull', source: 'kubernetes/kubernetes#127918, pkg/kubelet/images/image_manager.go' },
  'image-name-parser': { since: 28, what: 'A malformed image name: "couldn\'t parse image name" instead of "couldn\'t parse image reference"', source: 'pkg/kubelet/images/image_manager.go, pkg/util/parsers/parsers.go' },
  'created-message-colon': { since: 32, what: 'Created says "Created container: web" instead of "Created container web"', source: 'pkg/kubelet/kuberuntime/kuberuntime_container.go' },
  'back-off-names-container': { since: 26, what: 'BackOff says "Back-off restarting failed container web in pod web_default(uid)"', source: 'pkg/kubelet/kuberuntime/kuberuntime_manager.go' },
  'containerd-by-default': { since: 24, what: 'Nodes run containerd; dockershim is gone', source: 'KEP-2221' },
  'pod-ready-to-start-containers': { since: 29, what: 'Condition PodReadyToStartContainers: the sandbox and its network are there', source: 'KEP-3085' },
  'pod-host-ips': { since: 29, what: 'status.hostIPs of pods', source: 'KEP-2681' },
  'probes-start-at-once': { since: 21, what: 'Probes of a new pod do not wait a random part of their period, and readiness is asked as soon as a container has started', source: 'kubernetes/kubernetes#98376, pkg/kubelet/prober' },
  'pod-rejected-message': { since: 26, what: 'A pod that its node does not admit: "Pod was rejected: …" instead of "Pod …"', source: 'pkg/kubelet/kubelet.go' },
  'deleted-pods-become-terminal': { since: 27, what: 'A deleted pod gets phase Succeeded or Failed before it goes', source: 'kubernetes/kubernetes#115331, pkg/kubelet/kubelet_pods.go' },
  'evicted-message-thresholds': { since: 26, what: 'Evicted says how much was left: "Threshold quantity: 100Mi, available: 20Mi."', source: 'pkg/kubelet/eviction/helpers.go' },
  'no-kube-proxy-version': { since: 33, what: 'status.nodeInfo.kubeProxyVersion is empty', source: 'KEP-4004, kubernetes/kubernetes#129713' },
  'newest-default-storage-class': { since: 26, what: 'Of several default storage classes the newest is taken; before, claims were refused', source: 'pkg/volume/util/storageclass.go' },
  'toleration-value-in-message': { since: 32, what: 'the error of a toleration with Exists and a value prints the value, not the whole toleration', source: 'pkg/apis/core/validation/validation.go' },
  'ip-address-messages': { since: 30, what: '"must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)" for nameservers and host aliases, whose errors name the index', source: 'pkg/apis/core/validation/validation.go' },
  'qos-immutable': { since: 32, what: 'status.qosClass of a pod may not change', source: 'kubernetes/kubernetes#127744, pkg/apis/core/validation/validation.go' },
  'ephemeral-containers': { since: 23, what: 'Ephemeral containers (beta, on by default); before they were dropped without a word', source: 'KEP-277' },
  'proc-mount': { since: 33, what: 'securityContext.procMount may be Unmasked (beta, on by default); before it was reset to Default', source: 'KEP-4265' },
  'control-plane-role': { since: 24, what: 'Control plane nodes carry node-role.kubernetes.io/control-plane as label and taint; before, the taint was node-role.kubernetes.io/master and there were both labels (v1.24 has both taints)', source: 'KEP-2067, kubernetes/kubernetes#107533, kubernetes/kubernetes#110095' },
  'delete-collection-own-options': { since: 22, what: 'Each pod of a deleted collection has its own grace period; before, one that went at once took those after it along', source: 'kubernetes/kubernetes#100101' },
  'retry-generated-names': { since: 31, what: 'A generated name that is taken is drawn again, eight draws in all', source: 'KEP-4420' },
  'openapi-v3': { since: 24, what: 'OpenAPI v3 documents, one for each group version', source: 'KEP-2896' },
  'aggregated-discovery': { since: 27, what: '/api and /apis list all resources at once to clients that ask for an APIGroupDiscoveryList', source: 'KEP-3352' },
  'aggregated-discovery-v2': { since: 30, what: 'The version v2 of aggregated discovery; before, v2beta1 only', source: 'KEP-3352' },
  'watch-list': { since: 32, what: 'A watch may begin with what there is, ended by a bookmark: sendInitialEvents (beta; Differs from Kubernetes: v1.33 has the gate off by default)', source: 'KEP-3157' },
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
