// ClusterRoles that kube-apiserver makes at its start (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
// One role: its name, then its rules, `groups | resources | verbs | names`; `core` is the group without a name, `events` stands
// for the rule that nearly everybody has. `@+change` is in force since an entry of the version table, `@-change` until it.
// `to:edit` is the label by which the role `edit` gathers it, `from:edit` the rule by which a role gathers.

export const clusterRoles = `
cluster-admin
  * | * | *
  url | * | *
system:discovery
  url | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/ | get
system:monitoring
  url | /healthz /healthz/* /livez /livez/* /metrics /readyz /readyz/* | get @-policy-metrics-slis
  url | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* | get @+policy-metrics-slis
system:basic-user
  authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews | create
  authentication.k8s.io | selfsubjectreviews | create @+policy-self-subject-reviews
system:public-info-viewer
  url | /healthz /livez /readyz /version /version/ | get
admin from:admin
edit to:admin from:edit
view to:edit from:view
system:aggregate-to-admin to:admin
  authorization.k8s.io | localsubjectaccessreviews | create
  rbac.authorization.k8s.io | rolebindings roles | create delete deletecollection get list patch update watch
system:aggregate-to-edit to:edit
  core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy | get list watch
  core | serviceaccounts | impersonate
  core | pods pods/attach pods/exec pods/portforward pods/proxy | create delete deletecollection patch update
  core | pods/eviction | create @+policy-edit-tokens
  core | configmaps endpoints persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy | create delete deletecollection patch update @-policy-edit-without-endpoints
  core | configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy | create delete deletecollection patch update @+policy-edit-without-endpoints
  core | serviceaccounts/token | create @+policy-edit-tokens
  apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale | create delete deletecollection patch update
  autoscaling | horizontalpodautoscalers | create delete deletecollection patch update
  batch | cronjobs jobs | create delete deletecollection patch update
  extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale | create delete deletecollection patch update
  policy | poddisruptionbudgets | create delete deletecollection patch update
  networking.k8s.io | ingresses networkpolicies | create delete deletecollection patch update
  coordination.k8s.io | leases | create delete deletecollection get list patch update watch @+policy-edit-leases
system:aggregate-to-view to:view
  core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status | get list watch
  core | bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status | get list watch
  core | namespaces | get list watch
  discovery.k8s.io | endpointslices | get list watch @+policy-view-endpointslices
  apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status | get list watch
  autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status | get list watch
  batch | cronjobs cronjobs/status jobs jobs/status | get list watch
  extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale | get list watch
  policy | poddisruptionbudgets poddisruptionbudgets/status | get list watch
  networking.k8s.io | ingresses ingresses/status networkpolicies | get list watch
system:heapster
  core | events namespaces nodes pods | get list watch
  extensions | deployments | get list watch
system:node
  authentication.k8s.io | tokenreviews | create
  authorization.k8s.io | localsubjectaccessreviews subjectaccessreviews | create
  core | services | get list watch
  core | nodes | create get list watch
  core | nodes/status | patch update
  core | nodes | patch update
  core | events | create patch update
  core | pods | get list watch
  core | pods | create delete
  core | pods/status | patch update
  core | pods/eviction | create
  core | configmaps secrets | get list watch
  core | persistentvolumeclaims persistentvolumes | get
  core | endpoints | get
  certificates.k8s.io | certificatesigningrequests | create get list watch
  coordination.k8s.io | leases | create delete get patch update
  storage.k8s.io | volumeattachments | get
  core | serviceaccounts/token | create
  core | persistentvolumeclaims/status | get patch update
  storage.k8s.io | csidrivers | get list watch
  storage.k8s.io | csinodes | create delete get patch update
  node.k8s.io | runtimeclasses | get list watch
system:node-problem-detector
  core | nodes | get
  core | nodes/status | patch
  events
system:kubelet-api-admin
  core | nodes | get list watch
  core | nodes | proxy
  core | nodes/log nodes/metrics nodes/proxy nodes/spec nodes/stats | * @-policy-no-node-spec
  core | nodes/log nodes/metrics nodes/proxy nodes/stats | * @+policy-no-node-spec
  core | nodes/configz nodes/healthz nodes/pods | * @+kubelet-fine-grained-authorization
system:node-bootstrapper
  certificates.k8s.io | certificatesigningrequests | create get list watch
system:auth-delegator
  authentication.k8s.io | tokenreviews | create
  authorization.k8s.io | subjectaccessreviews | create
system:kube-aggregator
  core | endpoints services | get list watch
system:kube-controller-manager
  events
  coordination.k8s.io | leases | create
  coordination.k8s.io | leases | get update | kube-controller-manager
  core | endpoints | create @-policy-no-endpoints-locks
  core | endpoints | get update | kube-controller-manager @-policy-no-endpoints-locks
  core | secrets serviceaccounts | create
  core | secrets | delete
  core | configmaps namespaces secrets serviceaccounts | get
  core | secrets serviceaccounts | update
  authentication.k8s.io | tokenreviews | create
  authorization.k8s.io | subjectaccessreviews | create
  * | * | list watch
  core | serviceaccounts/token | create
system:kube-dns
  core | endpoints services | list watch
system:persistent-volume-provisioner
  core | persistentvolumes | create delete get list watch
  core | persistentvolumeclaims | get list update watch
  storage.k8s.io | storageclasses | get list watch
  core | events | watch
  events
system:certificates.k8s.io:certificatesigningrequests:nodeclient
  certificates.k8s.io | certificatesigningrequests/nodeclient | create
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  certificates.k8s.io | certificatesigningrequests/selfnodeclient | create
system:volume-scheduler
  core | persistentvolumes | get list patch update watch
  storage.k8s.io | storageclasses | get list watch
  core | persistentvolumeclaims | get list patch update watch
system:certificates.k8s.io:legacy-unknown-approver
  certificates.k8s.io | signers | approve | kubernetes.io/legacy-unknown
system:certificates.k8s.io:kubelet-serving-approver
  certificates.k8s.io | signers | approve | kubernetes.io/kubelet-serving
system:certificates.k8s.io:kube-apiserver-client-approver
  certificates.k8s.io | signers | approve | kubernetes.io/kube-apiserver-client
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  certificates.k8s.io | signers | approve | kubernetes.io/kube-apiserver-client-kubelet
system:service-account-issuer-discovery
  url | /.well-known/openid-configuration /openid/v1/jwks | get @-policy-issuer-slashes
  url | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/ | get @+policy-issuer-slashes
system:node-proxier
  core | endpoints services | list watch
  core | nodes | get list watch
  events
  networking.k8s.io | servicecidrs | list watch @+service-cidrs
  discovery.k8s.io | endpointslices | list watch
system:kube-scheduler
  events
  coordination.k8s.io | leases | create
  coordination.k8s.io | leases | get update | kube-scheduler @-lease-candidates
  coordination.k8s.io | leases | get list update watch | kube-scheduler @+lease-candidates
  coordination.k8s.io | leasecandidates | create delete deletecollection get list patch update watch @+lease-candidates
  core | endpoints | create @-policy-no-endpoints-locks
  core | endpoints | get update | kube-scheduler @-policy-no-endpoints-locks
  core | nodes | get list watch
  core | pods | delete get list watch
  core | bindings pods/binding | create
  core | pods/status | patch update
  core | replicationcontrollers services | get list watch
  apps extensions | replicasets | get list watch
  apps | statefulsets | get list watch
  policy | poddisruptionbudgets | get list watch
  core | persistentvolumeclaims persistentvolumes | get list watch
  authentication.k8s.io | tokenreviews | create
  authorization.k8s.io | subjectaccessreviews | create
  storage.k8s.io | csinodes | get list watch
  storage.k8s.io | volumeattachments | get list watch @+policy-scheduler-attachments
  core | namespaces | get list watch @+namespace-selector
  storage.k8s.io | csidrivers | get list watch @+policy-storage-capacity
  storage.k8s.io | csistoragecapacities | get list watch @+policy-storage-capacity
`;
