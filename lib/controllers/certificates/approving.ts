import { type KubeObject, type Manifest } from '../../api/index.ts';
import { type Client, type Controller, forObject } from '../../client/index.ts';
import { conditionsOf, has, requestIn } from './conditions.ts';
import { kubeletClient, signers } from './signers.ts';

/** Of a node that renews its own certificate, and of one that joins. */
const ways = [
  { subresource: 'selfnodeclient', self: true, message: 'Auto approving self kubelet client certificate after SubjectAccessReview.' },
  { subresource: 'nodeclient', self: false, message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
];

/** Approves certificates of kubelets that ask for their own, or that may ask for any node's (pkg/controller/certificates/approver). */
export function csrApprovingController(client: Client): Controller {
  const refusals = new Map<string, number>();
  const patience = (uid: string) => {
    const before = refusals.get(uid) ?? 0;
    refusals.set(uid, before + 1);
    return Math.min(200 * 2 ** before, 1_000_000);
  };
  return {
    name: 'csrapproving',
    watches: [forObject('CertificateSigningRequest')],
    reconcile(key) {
      const csr = client.find('CertificateSigningRequest', key);
      if (!csr || csr.status?.certificate || has(csr, 'Approved') || has(csr, 'Denied') || csr.spec.signerName !== kubeletClient) return;
      const request = requestIn(csr);
      if (signers[kubeletClient]!(request, csr.spec.usages ?? []) !== undefined) return;
      const tried = ways.filter(({ self }) => !self || csr.spec.username === request.subject.CN?.at(-1));
      const way = tried.find(({ subresource }) => may(csr, subresource));
      // No error that anybody is told of: a role that allows it may still come.
      if (!way) return { requeueAfter: patience(csr.metadata.uid) };
      refusals.delete(csr.metadata.uid);
      const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message: way.message };
      client.update({ ...csr, status: { ...csr.status, conditions: [...conditionsOf(csr), condition] } }, { subresource: 'approval' });
    },
  };

  function may({ spec: { username: user, uid, groups, extra } }: KubeObject, subresource: string): boolean {
    const resourceAttributes = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', verb: 'create', subresource };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, uid, groups, extra, resourceAttributes } } as Manifest;
    return client.create(review).status.allowed;
  }
}
