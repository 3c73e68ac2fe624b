// Who may have a say in certificates: CertificateApproval, CertificateSigning and CertificateSubjectRestriction.
import { equal, parseRequest } from '../../api/index.ts';
import { knownUser } from '../authorization/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';

const kinds = ['CertificateSigningRequest'];
const apiServerClient = 'kubernetes.io/kube-apiserver-client';

/** Throws when the user may not do that for this signer, nor for all signers of its domain. */
function confirm(attributes: Attributes, verb: 'approve' | 'sign'): void {
  const { request: { user, groups }, old, parts } = attributes;
  const signer: string = old?.spec.signerName ?? '';
  const may = (name: string) => parts.authorizer().authorize(groups ? { name: user, groups } : knownUser(user), { verb, group: 'certificates.k8s.io', resource: 'signers', name }).allowed;
  if (!may(signer) && !may(`${signer.split('/')[0]}/*`)) throw refuse(attributes, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}

export const certificateApproval: Admission = {
  name: 'CertificateApproval',
  kinds,
  validate(attributes) {
    if (attributes.request.subresource === 'approval') confirm(attributes, 'approve');
  },
};

export const certificateSigning: Admission = {
  name: 'CertificateSigning',
  kinds,
  validate(attributes) {
    const { request, object, old } = attributes;
    if (request.subresource !== 'status' || (object?.status?.certificate === old?.status?.certificate && equal(object?.status?.conditions, old?.status?.conditions))) return;
    confirm(attributes, 'sign');
  },
};

/** Nobody becomes a member of `system:masters` by a certificate. */
export const certificateSubjectRestriction: Admission = {
  name: 'CertificateSubjectRestriction',
  kinds,
  validate(attributes) {
    const { operation, request, object } = attributes;
    if (operation !== 'CREATE' || request.subresource || object?.spec.signerName !== apiServerClient) return;
    const { subject } = parseRequest(atob(object.spec.request));
    if (subject.O?.includes('system:masters')) throw refuse(attributes, `use of ${apiServerClient} signer with system:masters group is not allowed`);
  },
};
