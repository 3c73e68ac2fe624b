// A client that only says what would be asked of an API server (cmd/kubeadm/app/util/apiclient/dryrunclient.go, init_dryrun.go).
import { findResource, type KubeObject, type Manifest, notFound, StatusError, type Version } from '../../../api/index.ts';
import { printYaml } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';
import type { ApiClient } from './connection.ts';

/** Fields that Go writes although nobody set them. */
const zeroStatus: Readonly<Record<string, object>> = {
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  Deployment: {},
  Service: { loadBalancer: {} },
};

interface Template {
  metadata?: object;
  spec: { containers: object[] };
}

const withZeros = ({ metadata, spec }: Template) => ({ metadata: { ...metadata, creationTimestamp: null }, spec: { ...spec, containers: spec.containers.map((container) => ({ resources: {}, ...container })) } });

export function objectText(object: Manifest): string {
  const { metadata, spec, kind, ...rest } = object as KubeObject & { spec?: { template?: Template } };
  const whole = spec && { spec: spec.template ? { ...spec, template: withZeros(spec.template) } : spec };
  return printYaml({ ...rest, kind, metadata: { ...metadata, creationTimestamp: null }, ...whole, ...(zeroStatus[kind] && { status: zeroStatus[kind] }) });
}

export const indented = (text: string): string => text.replace(/\n$/, '').split('\n').map((line) => `\t${line}\n`).join('');

/** Keys in the order of their names, as Go writes maps. */
const sorted = (value: unknown): unknown => (typeof value !== 'object' || value === null || Array.isArray(value) ? (Array.isArray(value) ? value.map(sorted) : value) : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])));

/** Knows of no object but the node that kubeadm runs on. */
export function dryRunClient({ out, machine }: KubeadmHost, { version, nodeName }: { version: Version; nodeName: string }): ApiClient {
  function says(verb: string, kind: string, name?: string) {
    const { plural, group, versions } = findResource(kind, version)!;
    out(`[dryrun] Would perform action ${verb} on resource ${JSON.stringify(plural)} in API group "${group || 'core'}/${versions[0]!.version}"\n`);
    if (name !== undefined) out(`[dryrun] Resource name: ${JSON.stringify(name)}\n`);
    return { group, kind, plural };
  }
  function written(verb: string, object: Manifest): KubeObject {
    says(verb, object.kind!);
    out(`[dryrun] Attached object:\n${indented(objectText(object))}`);
    return object as KubeObject;
  }
  const client: Record<keyof ApiClient, unknown> = {
    version,
    clock: machine.clock,
    get(kind: string, { name }: { name: string }) {
      const resource = says('GET', kind, name);
      if (kind === 'Node' && name === nodeName) return { apiVersion: 'v1', kind, metadata: { name, labels: { 'kubernetes.io/hostname': name } } };
      if (kind === 'Secret' && name.startsWith('bootstrap-token-')) throw new StatusError('NotFound', 404, 'secrets "secret not found" not found');
      throw notFound(resource, name);
    },
    list(kind: string) {
      says('LIST', kind);
      return { metadata: { resourceVersion: '' }, items: [] };
    },
    create: (object: Manifest) => written('CREATE', object),
    update: (object: Manifest) => written('UPDATE', object),
    patch(kind: string, { name }: { name: string }, patch: unknown) {
      says('PATCH', kind, name);
      out(`[dryrun] Attached patch:\n\t${JSON.stringify(sorted(patch))}\n`);
    },
    delete: ({ kind, metadata }: KubeObject) => says('DELETE', kind, metadata.name),
  };
  return client as ApiClient;
}
