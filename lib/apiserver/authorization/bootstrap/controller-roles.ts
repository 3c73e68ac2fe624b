// ClusterRoles of the controllers, `system:controller:…`; each is bound to the service account of that name.
// One role: its name, then its rules, `groups | resources | verbs | names`; `core` is the group without a name, `events` stands
// for the rule that nearly everybody has. `@+change` is in force since an entry of the version table, `@-change` until it.

export const controllerRoles = `
attachdetach-controller
  core | persistentvolumeclaims persistentvolumes | list watch
  core | nodes | get list watch
  core | nodes/status | patch update
  core | pods | list watch
  events
  storage.k8s.io | volumeattachments | create delete get list watch
  storage.k8s.io | csidrivers | get list watch
  storage.k8s.io | csinodes | get list watch
clusterrole-aggregation-controller
  rbac.authorization.k8s.io | clusterroles | escalate get list patch update watch
cronjob-controller
  batch | cronjobs | get list update watch
  batch | jobs | create delete get list patch update watch
  batch | cronjobs/status | update
  batch | cronjobs/finalizers | update
  core | pods | delete list @-policy-watch-with-list
  core | pods | delete list watch @+policy-watch-with-list
  events
daemon-set-controller
  apps extensions | daemonsets | get list watch
  apps extensions | daemonsets/status | update
  apps extensions | daemonsets/finalizers | update
  core | nodes | list watch
  core | pods | create delete list patch watch
  core | pods/binding | create
  apps | controllerrevisions | create delete get list patch update watch
  events
deployment-controller
  apps extensions | deployments | get list update watch
  apps extensions | deployments/status | update
  apps extensions | deployments/finalizers | update
  apps extensions | replicasets | create delete get list patch update watch
  core | pods | get list update watch
  events
disruption-controller
  apps extensions | deployments | get list watch
  apps extensions | replicasets | get list watch
  core | replicationcontrollers | get list watch
  policy | poddisruptionbudgets | get list watch
  apps | statefulsets | get list watch
  policy | poddisruptionbudgets/status | update
  core | pods/status | patch update @+disruption-target
  * | */scale | get
  events
endpoint-controller
  core | pods services | get list watch
  core | endpoints | create delete get list update @-policy-watch-with-list
  core | endpoints | create delete get list update watch @+policy-watch-with-list
  core | endpoints/restricted | create
  events
endpointslice-controller
  core | nodes pods services | get list watch
  core | services/finalizers | update
  discovery.k8s.io | endpointslices | create delete get list update @-policy-watch-with-list
  discovery.k8s.io | endpointslices | create delete get list update watch @+policy-watch-with-list
  events
endpointslicemirroring-controller
  core | endpoints services | get list watch
  core | services/finalizers | update
  core | endpoints/finalizers | update
  discovery.k8s.io | endpointslices | create delete get list update @-policy-watch-with-list
  discovery.k8s.io | endpointslices | create delete get list update watch @+policy-watch-with-list
  events
expand-controller
  core | persistentvolumes | get list patch update watch
  core | persistentvolumeclaims/status | patch update
  core | persistentvolumeclaims | get list watch
  storage.k8s.io | storageclasses | get list watch @-no-legacy-volume-plugins
  core | endpoints services | get @-no-legacy-volume-plugins
  core | secrets | get @-no-legacy-volume-plugins
  events
  core | services | get @+no-legacy-volume-plugins
ephemeral-volume-controller @+generic-ephemeral-volumes
  core | pods | get list watch
  core | pods/finalizers | update
  core | persistentvolumeclaims | create get list watch
  events
generic-garbage-collector
  * | * | delete get list patch update watch
  events
horizontal-pod-autoscaler
  autoscaling | horizontalpodautoscalers | get list watch
  autoscaling | horizontalpodautoscalers/status | update
  * | */scale | get update
  core | pods | list @-policy-watch-with-list
  core | pods | list watch @+policy-watch-with-list
  core | services/proxy | get | http:heapster: https:heapster: @-policy-no-heapster
  metrics.k8s.io | pods | list @-policy-watch-with-list
  metrics.k8s.io | pods | list watch @+policy-watch-with-list
  custom.metrics.k8s.io | * | get list @-policy-watch-with-list
  custom.metrics.k8s.io | * | get list watch @+policy-watch-with-list
  external.metrics.k8s.io | * | get list @+policy-external-metrics @-policy-watch-with-list
  external.metrics.k8s.io | * | get list watch @+policy-watch-with-list
  events
job-controller
  batch | jobs | get list update watch @-policy-job-patch
  batch | jobs | get list patch update watch @+policy-job-patch
  batch | jobs/status | update
  batch | jobs/finalizers | update
  core | pods | create delete list patch watch
  events
namespace-controller
  core | namespaces | delete get list watch
  core | namespaces/finalize namespaces/status | update
  * | * | delete deletecollection get list @-policy-watch-with-list
  * | * | delete deletecollection get list watch @+policy-watch-with-list
node-controller
  core | nodes | delete get list patch update @-policy-watch-with-list
  core | nodes | delete get list patch update watch @+policy-watch-with-list
  core | nodes/status | patch update
  core | pods/status | update @-disruption-target
  core | pods/status | patch update @+disruption-target
  core | pods | delete list @-policy-watch-with-list
  core | pods | delete get list watch @+policy-watch-with-list
  events
persistent-volume-binder
  core | persistentvolumes | create delete get list update watch
  core | persistentvolumes/status | update
  core | persistentvolumeclaims | get list update watch
  core | persistentvolumeclaims/status | update
  core | pods | create delete get list watch
  storage.k8s.io | storageclasses | get list watch
  core | endpoints | create delete get update @-no-legacy-volume-plugins
  core | services | create delete get @-no-legacy-volume-plugins
  core | secrets | get @-no-legacy-volume-plugins
  core | nodes | get list @-no-legacy-volume-plugins
  core | nodes | list watch @+no-legacy-volume-plugins
  core | events | watch @-no-legacy-volume-plugins
  events
  core | events | watch @+no-legacy-volume-plugins
  core | services | get @+no-legacy-volume-plugins
pod-garbage-collector
  core | pods | delete list watch
  core | nodes | get list @-policy-watch-with-list
  core | nodes | get list watch @+policy-watch-with-list
  core | pods/status | patch @+disruption-target
replicaset-controller
  apps extensions | replicasets | get list update watch
  apps extensions | replicasets/status | update
  apps extensions | replicasets/finalizers | update
  core | pods | create delete list patch watch
  events
replication-controller
  core | replicationcontrollers | get list update watch
  core | replicationcontrollers/status | update
  core | replicationcontrollers/finalizers | update
  core | pods | create delete list patch watch
  events
resourcequota-controller
  * | * | list watch
  core | resourcequotas/status | update
  events
route-controller
  core | nodes | list watch
  core | nodes/status | patch
  events
service-account-controller
  core | serviceaccounts | create
  events
service-controller
  core | services | get list watch
  core | services/status | patch update
  core | nodes | list watch
  events
service-cidrs-controller @+service-cidrs
  networking.k8s.io | servicecidrs | get list patch update watch
  networking.k8s.io | servicecidrs/finalizers | patch update
  networking.k8s.io | servicecidrs/status | patch update
  networking.k8s.io | ipaddresses | get list watch
  events
statefulset-controller
  core | pods | list watch
  apps | statefulsets | get list watch
  apps | statefulsets/status | update
  apps | statefulsets/finalizers | update
  core | pods | create delete get patch update
  apps | controllerrevisions | create delete get list patch update watch
  core | persistentvolumeclaims | create get @-policy-claims-watched
  core | persistentvolumeclaims | create get list watch @+policy-claims-watched
  events
  core | persistentvolumeclaims | delete update @+policy-claims-deleted
  core | pods/finalizers | update @+policy-claims-deleted
ttl-controller
  core | nodes | list patch update watch
  events
certificate-controller
  certificates.k8s.io | certificatesigningrequests | delete get list watch
  certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status | update
  certificates.k8s.io | signers | approve | kubernetes.io/kube-apiserver-client-kubelet
  certificates.k8s.io | signers | sign | kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown
  authorization.k8s.io | subjectaccessreviews | create
  events
pvc-protection-controller
  core | persistentvolumeclaims | get list update watch
  core | pods | get list watch
  events
pv-protection-controller
  core | persistentvolumes | get list update watch
  events
ttl-after-finished-controller @+ttl-after-finished
  batch | jobs | delete get list watch
  events
root-ca-cert-publisher
  core | configmaps | create update
  events
validatingadmissionpolicy-status-controller @+validating-admission-policy
  admissionregistration.k8s.io | validatingadmissionpolicies | get list watch
  admissionregistration.k8s.io | validatingadmissionpolicies/status | get patch update
  events
legacy-service-account-token-cleaner @+legacy-token-cleaner
  core | configmaps | get | kube-apiserver-legacy-service-account-token-tracking
  core | secrets | delete patch
selinux-warning-controller @+selinux-warnings
  events
  core | persistentvolumes | get list watch
  core | persistentvolumeclaims | get list watch
  core | pods | get list watch
  storage.k8s.io | csidrivers | get list watch
`;
