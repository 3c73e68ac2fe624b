import { type CertificateAuthority, type KubeObject } from '../../api/index.ts';
import { type Client, type Controller, forMapped } from '../../client/index.ts';
import { conditionsOf } from './conditions.ts';

export interface CleanerOptions {
  authority(): CertificateAuthority;
}

const hour = 3_600_000;
/** How long requests are kept that have been answered, and those that nobody has answered. */
const [answered, pending] = [hour, 24 * hour];
const rounds = { name: 'rounds' };

/** Once an hour removes requests that are of no more use (pkg/controller/certificates/cleaner). */
export function csrCleanerController(client: Client, { authority }: CleanerOptions): Controller {
  const requests = client.cache('CertificateSigningRequest');
  let next = client.clock.now;
  return {
    name: 'csrcleaner',
    // Between two rounds there is nothing to do; without requests there are none.
    watches: [forMapped('CertificateSigningRequest', ({ type }) => (type === 'ADDED' ? [rounds] : []))],
    reconcile() {
      const { now } = client.clock;
      if (now >= next) {
        next = now + hour;
        for (const csr of [...requests]) if (isDone(csr)) client.delete(csr);
      }
      if (requests.size > 0) return { requeueAfter: next - now };
    },
  };

  function isDone(csr: KubeObject): boolean {
    const old = (time: string | undefined, age: number) => time !== undefined && client.clock.now - Date.parse(time) > age;
    const conditions = conditionsOf(csr);
    if (conditions.length === 0) return old(csr.metadata.creationTimestamp, pending);
    const certificate: string = csr.status?.certificate ?? '';
    const expired = certificate !== '' && (authority().expiry(atob(certificate)) ?? Infinity) < client.clock.now;
    return conditions.some(({ type, lastUpdateTime }) => (type === 'Approved' ? certificate !== '' && (expired || old(lastUpdateTime, answered)) : (type === 'Denied' || type === 'Failed') && old(lastUpdateTime, answered)));
  }
}
