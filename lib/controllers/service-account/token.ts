// Token Secrets of service accounts. Since v1.24 none is made for an account; one made by hand is still filled in.
import { isConflict, isNotFound, type Secret, type ServiceAccount } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped, forObject, keyText } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { deleteExact, getLive } from '../shared/not-found.ts';
import { standInCA } from '../shared/root-ca.ts';

export interface TokenOptions {
  /** The certificate of the cluster's authority, as text. */
  rootCA?: string;
  /** Signs a token of the account that lies in this Secret. */
  issueToken(account: ServiceAccount, secretName: string): string;
}

const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';
const tokenType = 'kubernetes.io/service-account-token';
const byAccount = 'token secrets of a service account';

/** Makes, fills in and removes token Secrets (pkg/controller/serviceaccount/tokens_controller.go). */
export function tokenController(client: Client, { rootCA = standInCA, issueToken }: TokenOptions): Controller {
  const secrets = client.cache('Secret');
  // As long as pods mount token secrets, every account needs one.
  const madeForAccounts = !client.version.has('no-token-secrets') || !client.version.has('bound-service-account-token-volume');
  secrets.index(byAccount, (secret) => (accountOf(secret) ? [keyText(accountOf(secret)!)] : []));

  return {
    name: 'serviceaccount-token',
    watches: [forObject('ServiceAccount'), forMapped('Secret', ({ object }) => (accountOf(object) ? [accountOf(object)!] : []))],
    reconcile(request) {
      const account = client.find('ServiceAccount', request);
      for (const secret of [...secrets.by(byAccount, keyText(request))]) {
        const uid = secret.metadata.annotations?.[uidAnnotation];
        if (account && (!uid || uid === account.metadata.uid)) fillIn(account, secret);
        else if (!stillThere(request, uid)) deleteExact(client, secret);
      }
      if (account && !account.metadata.deletionTimestamp && madeForAccounts) ensureReferencedToken(account);
    },
  };

  function ensureReferencedToken(account: ServiceAccount): void {
    const referenced = (account.secrets ?? []).map(({ name }) => name!);
    if (referenced.some((name) => find(account, name))) return;
    const live = client.get('ServiceAccount', account.metadata);
    // Our copy is old: the news is on its way and brings us back here.
    if (live.metadata.resourceVersion !== account.metadata.resourceVersion) return;
    try {
      const secret = createToken(account);
      // References to tokens that are gone go with this write. Differs from Kubernetes: there a write of their own.
      const kept = (live.secrets ?? []).filter(({ name }) => !name?.startsWith(`${account.metadata.name}-token-`));
      addReference({ ...live, secrets: [...kept, { name: secret.metadata.name }] }, secret);
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  }

  function createToken(account: ServiceAccount): Secret {
    const { name, namespace, uid } = account.metadata;
    const secretName = `${name}-token-${client.random.suffix(5)}`;
    return client.create<Secret>({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName, namespace, annotations: { [nameAnnotation]: name, [uidAnnotation]: uid } },
      type: tokenType,
      data: tokenData(account, secretName),
    });
  }

  function addReference(account: ServiceAccount, secret: Secret): void {
    try {
      client.update(account);
    } catch (error) {
      deleteExact(client, secret);
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }

  function tokenData(account: ServiceAccount, secretName: string): Record<string, string> {
    const data: Record<string, string> = { namespace: btoa(account.metadata.namespace!), token: btoa(issueToken(account, secretName)) };
    return rootCA ? { 'ca.crt': btoa(rootCA), ...data } : data;
  }

  function fillIn(account: ServiceAccount, secret: Secret): void {
    const missing = Object.entries(tokenData(account, secret.metadata.name)).filter(([name]) => !secret.data?.[name]);
    if (missing.length === 0) return;
    const annotations = { ...secret.metadata.annotations, [uidAnnotation]: account.metadata.uid };
    client.update({ ...secret, metadata: { ...secret.metadata, annotations }, data: { ...secret.data, ...Object.fromEntries(missing) } });
  }

  function find({ metadata: { namespace } }: ServiceAccount, name: string): Secret | undefined {
    return client.find('Secret', { namespace, name }) ?? getLive(client, 'Secret', { namespace, name });
  }

  /** Asked of the API server: a token must not go because our copy of its account is late. */
  function stillThere(key: Key, uid: string | undefined): boolean {
    const account = getLive(client, 'ServiceAccount', key);
    return account !== undefined && (uid === undefined || account.metadata.uid === uid);
  }
}

function accountOf({ type, metadata }: Secret): Key | undefined {
  const name = metadata.annotations?.[nameAnnotation];
  return type === tokenType && name ? { namespace: metadata.namespace, name } : undefined;
}
