// Connections to pods are no writes, yet webhooks may have a word in them.
import type { KubeObject } from '../../api/index.ts';
import type { ServerParts } from '../parts.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.ts';

export interface Connection {
  user: string;
  groups: readonly string[];
  namespace: string;
  name: string;
  subresource: 'exec' | 'attach' | 'portforward';
  query: URLSearchParams;
}

const kinds = { exec: 'PodExecOptions', attach: 'PodAttachOptions', portforward: 'PodPortForwardOptions' };
const switches = ['stdin', 'stdout', 'stderr', 'tty'];

/** Throws when a webhook refuses the connection. */
export function admitConnect(parts: ServerParts, { subresource, query, ...who }: Connection): void {
  const on = switches.filter((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const [container, command] = [query.get('container'), query.getAll('command')];
  const options = { kind: kinds[subresource], apiVersion: 'v1', ...Object.fromEntries(on.map((name) => [name, true])), ...(container && { container }), ...(command.length > 0 && { command }) };
  const request = { verb: 'create' as const, resource: parts.resourceOf('Pod'), version: 'v1', userAgent: '', subresource: subresource as never, ...who };
  const attributes = { operation: 'CONNECT' as const, request, object: options as unknown as KubeObject, context: () => ({ version: parts.version, now: parts.clock.timestamp(), namespace: who.namespace, find: parts.find }), parts };
  mutatingWebhooks.admit!(attributes);
  validatingWebhooks.validate!(attributes);
}
