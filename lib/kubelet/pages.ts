// What a kubelet answers a GET at its port 10250 with, beside logs and exec: `kubectl get --raw /api/v1/nodes/NAME/proxy/pods`.
import type { Pod } from '../api/index.ts';
import type { HttpResponse, Machine } from '../machine/index.ts';
import { statsPage } from './stats/index.ts';
import type { StatsOptions } from './stats/page.ts';

interface Around extends StatsOptions {
  /** Those of its node as it has them, static ones too. */
  pods(): readonly Pod[];
}

const notFound: HttpResponse = { status: 404, body: '404 page not found\n' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A folder of the machine as Go's file server lists it. */
function logs({ files }: Machine, path: string): HttpResponse {
  const at = `/var/log${path}`.replace(/\/+$/, '');
  const node = files.find(at);
  if (node?.kind === 'file') return { status: 200, body: files.read(at) ?? '', headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
  if (node?.kind !== 'directory') return notFound;
  const names = [...node.entries].map(([name, entry]) => (entry.kind === 'directory' ? `${name}/` : name)).sort();
  const lines = names.map((name) => `<a href="${encodeURI(name)}">${escape(name)}</a>\n`);
  return { status: 200, body: `<pre>\n${lines.join('')}</pre>\n`, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
}

function podList(pods: readonly Pod[]): HttpResponse {
  const items = pods.map(({ apiVersion: _, kind: __, ...pod }) => pod);
  return { status: 200, body: JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: items.length > 0 ? items : null }), headers: { 'Content-Type': 'application/json' } };
}

/** Differs from Kubernetes: of the metrics only those of resources, and no profiles. */
export function page(path: string, { pods, ...around }: Around): HttpResponse {
  const [, first = '', rest = ''] = /^\/([^/?]*)([^?]*)/.exec(path) ?? [];
  if (first === 'healthz' && rest === '') return { status: 200, body: 'ok' };
  if (first === 'pods') return podList(pods());
  if (first === 'logs') return logs(around.machine, rest);
  return statsPage(path, around) ?? notFound;
}
