// What a replay may leave out, and why. A rule hides a field or a kind, never a case.

export interface Rule {
  name: string;
  /** The field or kind that is not compared. */
  hides: string;
  why: string;
  /** Since when Kubernetes itself differs, or `here` when only this library does. */
  since: string;
}

export const rules = [
  { name: 'controllers that come later', hides: 'groups of controllers.jsonl whose kind has no controller yet', why: 'their controllers follow', since: 'here' },
  { name: 'not built yet', hides: 'kinds of cases whose component does not exist here', why: 'the component follows', since: 'here' },
  { name: 'certificates are words', hides: 'public keys and signatures of certificates that kubeadm makes', why: 'a certificate says in words whose it is and who signed it', since: 'here' },
  { name: 'kinds that come later', hides: 'requests for kinds that are rows of discovery only so far', why: 'their behaviour follows', since: 'here' },
  { name: 'manifests are checked by the server', hides: 'errors of the validation that the kubectl of a cell falls back to on servers before 1.25', why: 'the server checks for it strictly at every release; the real kubectl falls back', since: 'here' },
  { name: 'no kubectl here', hides: 'kubectl.jsonl over HTTPS', why: 'the real kubectl is fetched by .ci/run only', since: 'here' },
  { name: 'served API versions', hides: 'cases that name an API version, or print a release, of v1.20', why: 'the table of kinds says which release serves which version', since: 'each row names its release' },
  { name: 'several changes together', hides: 'cases that differ only with two or more entries of the version table', why: 'each entry alone leaves the answer as recorded', since: 'the newest of them' },
  { name: "the API server's own keys", hides: 'keys under /registry/ranges and /registry/masterleases', why: 'allocators and leases of API servers are not kept in etcd here', since: 'here' },
  { name: 'equal pods change places', hides: 'node, address and number of a generated pod where endpoints name it, and the order of such entries', why: 'the scheduler takes any of several best nodes, and addresses are handed out in the order in which pods start', since: 'always' },
  { name: 'similar events are combined', hides: 'the messages of events of which more than ten are alike; how many there were is compared', why: 'which of them come first is the order of a Go map', since: 'always' },
  { name: 'lost races are tried again', hides: 'events about a write that met a newer version of its object', why: 'whether two processes meet is chance, and the write is repeated', since: 'always' },
  { name: 'quotas are counted late', hides: 'a quota whose recorded count is not that of the pods recorded beside it', why: 'a pod that comes while its quota is counted is missed until the next count, and whether one comes is chance', since: 'always' },
  { name: 'kinds without a summary', hides: 'states of objects of kinds that summary.ts does not know', why: 'a recording shows its own short form of a kind; pods and events of such a scenario are compared', since: 'here' },
  { name: 'summaries', hides: 'cases of iptables.jsonl of which only a summary was recorded', why: 'the text was too long to keep', since: 'always' },
] as const satisfies readonly Rule[];

export type RuleName = (typeof rules)[number]['name'];
