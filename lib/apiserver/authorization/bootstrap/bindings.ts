// Who is given the default roles, and the roles of single namespaces. A binding has the name of its role unless `role:` says another.

export const clusterRoleBindings = `
cluster-admin | group:system:masters
system:monitoring | group:system:monitoring
system:discovery | group:system:authenticated
system:basic-user | group:system:authenticated
system:public-info-viewer | group:system:authenticated group:system:unauthenticated
system:node-proxier | user:system:kube-proxy
system:kube-controller-manager | user:system:kube-controller-manager
system:kube-dns | account:kube-system/kube-dns
system:kube-scheduler | user:system:kube-scheduler
system:volume-scheduler | user:system:kube-scheduler
system:node
system:service-account-issuer-discovery | group:system:serviceaccounts
`;

/** `namespace/name`, rules as in cluster-roles.ts. */
export const roles = `
kube-public/system:controller:bootstrap-signer
  core | configmaps | get list watch
  core | configmaps | update | cluster-info
  events
kube-system/extension-apiserver-authentication-reader
  core | configmaps | get list watch | extension-apiserver-authentication
kube-system/system:controller:bootstrap-signer
  core | secrets | get list watch
kube-system/system:controller:cloud-provider
  core | configmaps | create get list watch
kube-system/system:controller:token-cleaner
  core | secrets | delete get list watch
  events
kube-system/system::leader-locking-kube-controller-manager
  core | configmaps | watch
  core | configmaps | get update | kube-controller-manager
  coordination.k8s.io | leases | create get list update watch @+lease-candidates
  coordination.k8s.io | leasecandidates | create get list update watch @+lease-candidates
kube-system/system::leader-locking-kube-scheduler
  core | configmaps | watch
  core | configmaps | get update | kube-scheduler
  coordination.k8s.io | leases | create get list update watch @+lease-candidates
  coordination.k8s.io | leasecandidates | create get list update watch @+lease-candidates
`;

export const roleBindings = `
kube-system/system::extension-apiserver-authentication-reader role:extension-apiserver-authentication-reader | user:system:kube-controller-manager user:system:kube-scheduler
kube-system/system::leader-locking-kube-controller-manager | user:system:kube-controller-manager account:kube-system/kube-controller-manager @-lease-candidates
kube-system/system::leader-locking-kube-controller-manager | user:system:kube-controller-manager account:kube-system/kube-controller-manager account:kube-system/leader-election-controller @+lease-candidates
kube-system/system::leader-locking-kube-scheduler | user:system:kube-scheduler account:kube-system/kube-scheduler
kube-system/system:controller:bootstrap-signer | account:kube-system/bootstrap-signer
kube-system/system:controller:cloud-provider | account:kube-system/cloud-provider
kube-system/system:controller:token-cleaner | account:kube-system/token-cleaner
kube-public/system:controller:bootstrap-signer | account:kube-system/bootstrap-signer
`;
