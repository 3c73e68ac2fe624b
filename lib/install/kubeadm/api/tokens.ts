// Bootstrap tokens as Secrets (cmd/kubeadm/app/apis/kubeadm/bootstraptokenhelpers.go, phases/bootstraptoken/node).
import { bootstrapTokenType, type Manifest, type Secret } from '../../../api/index.ts';
import { parseGoDuration } from '../../../kubectl/index.ts';
import { shortDuration } from '../certificates/expiration.ts';
import { tokenFormatError } from '../configuration/token-format.ts';
import type { BootstrapTokenSpec } from '../configuration/types.ts';
import { isToken } from '../configuration/validate.ts';
import { fail } from '../frame/errors.ts';
import { type ApiClient, createOrUpdate, lookFor } from './connection.ts';
import { systemNamespace } from './roles.ts';

export const secretName = (id: string): string => `bootstrap-token-${id}`;
const rfc3339 = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

export function tokenSecret({ token = '', description, ttl, expires, usages = [], groups = [] }: BootstrapTokenSpec, now: number): Manifest {
  const [id = '', secret = ''] = token.split('.');
  const lifetime = parseGoDuration(ttl ?? '0') ?? 0;
  const expiration = expires ?? (lifetime > 0 ? rfc3339(now + lifetime) : undefined);
  const data: Record<string, string> = {
    'token-id': id,
    'token-secret': secret,
    ...(description && { description }),
    ...(expiration && { expiration }),
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
    ...(groups.length > 0 && { 'auth-extra-groups': groups.join(',') }),
  };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: secretName(id), namespace: systemNamespace }, type: bootstrapTokenType, data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, btoa(text)])) } as Manifest;
}

export function createTokens(client: ApiClient, tokens: readonly BootstrapTokenSpec[], { onlyNew }: { onlyNew: boolean }): void {
  for (const token of tokens) {
    const id = token.token!.split('.')[0]!;
    const former = lookFor(() => client.get('Secret', { namespace: systemNamespace, name: secretName(id) }));
    if (former && onlyNew) fail(`a token with id ${JSON.stringify(id)} already exists`);
    createOrUpdate(client, tokenSecret(token, client.clock.now));
  }
}

/** Of a Secret; a text says what is wrong with it. */
export function tokenOf({ metadata, data = {} }: Secret): BootstrapTokenSpec | string {
  const text = (key: string) => atob(data[key] ?? '');
  const [id, secret, expires, groups] = [text('token-id'), text('token-secret'), text('expiration'), text('auth-extra-groups')];
  if (!id) return `bootstrap Token Secret has no token-id data: ${metadata.name}`;
  if (metadata.name !== secretName(id)) return `bootstrap token name is not of the form 'bootstrap-token-(token-id)'. Actual: ${JSON.stringify(metadata.name)}. Expected: ${JSON.stringify(secretName(id))}`;
  if (!secret) return `bootstrap Token Secret has no token-secret data: ${metadata.name}`;
  const token = `${id}.${secret}`;
  if (!isToken(token)) return `bootstrap Token Secret is invalid and couldn't be parsed: ${tokenFormatError(token)}`;
  const usages = Object.keys(data).filter((key) => key.startsWith('usage-bootstrap-') && text(key) === 'true').map((key) => key.slice('usage-bootstrap-'.length)).sort();
  return { token, usages, ...(text('description') && { description: text('description') }), ...(expires && { expires }), ...(groups && { groups: groups.split(',') }) };
}

/** Cells of a line of `kubeadm token list`. */
export function tokenCells({ token, expires, usages = [], description, groups = [] }: BootstrapTokenSpec, now: number): string[] {
  const ttl = expires ? shortDuration(Date.parse(expires) - now) : '<forever>';
  return [token!, ttl.padEnd(9), expires ?? '<never>', (usages.join(',') || '<none>').padEnd(22), (description || '<none>').padEnd(56), groups.join(',') || '<none>'];
}
