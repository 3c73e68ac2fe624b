import { type CertificateAuthority, type KubeObject } from '../../api/index.ts';
import { type Client, type Controller, forObject } from '../../client/index.ts';
import { conditionsOf, has, requestIn } from './conditions.ts';
import { signers } from './signers.ts';

export interface SigningOptions {
  authority(): CertificateAuthority;
}

const [minute, hour] = [60_000, 3_600_000];
/** `--cluster-signing-duration`. */
const longest = 365 * 24 * hour;
/** A certificate begins a little earlier, for clocks that are behind. */
const backdate = 5 * minute;
/** Shorter ones are not cut by that. */
const short = 8 * hour;

/** Signs what has been approved, for the signers of Kubernetes (pkg/controller/certificates/signer: one controller for each). */
export function csrSigningController(client: Client, { authority }: SigningOptions): Controller {
  return {
    name: 'csrsigning',
    watches: [forObject('CertificateSigningRequest')],
    reconcile(key) {
      const csr = client.find('CertificateSigningRequest', key);
      if (!csr || csr.status?.certificate || !has(csr, 'Approved') || has(csr, 'Denied') || has(csr, 'Failed')) return;
      const wrong = signers[csr.spec.signerName];
      if (!wrong) return;
      const message = wrong(requestIn(csr), csr.spec.usages ?? []);
      if (message === undefined) client.updateStatus(csr, { certificate: btoa(certificateFor(csr)) });
      else client.updateStatus(csr, { conditions: [...conditionsOf(csr), { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }] });
    },
  };

  function certificateFor(csr: KubeObject): string {
    const { clock: { now }, random } = client;
    const { sign, notAfter: end } = authority();
    if (now - backdate >= end) throw new Error(`error auto signing csr: the signer has expired: NotAfter=${new Date(end).toISOString()}`);
    const lasts = durationOf(csr);
    const late = client.version.has('csr-duration') && lasts < short ? 0 : backdate;
    return sign(requestIn(csr).der, {
      usages: csr.spec.usages,
      notBefore: now - backdate,
      notAfter: Math.min(now + lasts - late, end),
      serialNumber: random.uuid().replaceAll('-', ''),
    });
  }

  function durationOf({ spec }: KubeObject): number {
    if (!client.version.has('csr-duration') || spec.expirationSeconds === undefined) return longest;
    return Math.min(Math.max(spec.expirationSeconds * 1000, 10 * minute), longest);
  }
}
