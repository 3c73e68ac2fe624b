// What an autoscaler scales: any kind with a scale, found by its kind (client-go's scale client and REST mapper).
import { groupVersionOf, type Resource, resourcesOf, servedVersions, type Version } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Autoscaler, Scale } from './types.ts';

/** `apps` of `apps/v1`. Throws where it is no API version. */
export function groupOf(apiVersion: string): string {
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw new Error(`unexpected GroupVersion string: ${apiVersion}`);
  return parts.length === 2 ? parts[0]! : '';
}

export function resourceOfKind(version: Version, group: string, kind: string): Resource {
  const found = resourcesOf(version).find((row) => row.kind === kind && row.group === group && servedVersions(row, version).length > 0);
  if (!found) throw new Error(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
  return found;
}

function pathOf(client: Client, { metadata, spec: { scaleTargetRef } }: Autoscaler): { path: string; what: string } {
  const { kind, name, apiVersion = '' } = scaleTargetRef;
  const row = resourceOfKind(client.version, groupOf(apiVersion), kind);
  const groupVersion = groupVersionOf(row, servedVersions(row, client.version)[0]!);
  const base = row.group ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  return { path: `${base}/namespaces/${metadata.namespace}/${row.plural}/${name}/scale`, what: `${row.plural} ${name}` };
}

export function getScale(client: Client, hpa: Autoscaler): Scale {
  const { path, what } = pathOf(client, hpa);
  return client.raw(path, { asked: `get ${what}` }) as Scale;
}

export function updateScale(client: Client, hpa: Autoscaler, scale: Scale): void {
  const { path, what } = pathOf(client, hpa);
  client.raw(path, { method: 'PUT', body: scale, asked: `put ${what}` });
}
