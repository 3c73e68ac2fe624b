// Quotas and limit ranges, and the namespaces they are about.
import { type KubeObject, type LimitRangeItem, parseQuantity } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { annotations, multiline, type Writer } from './writer.ts';

type Describe = (w: Writer, object: KubeObject, call: Call) => void;

const scopeHelp: Record<string, string> = {
  Terminating: 'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating: 'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort: 'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function quotaLines(w: Writer, { spec, status }: KubeObject, indent: string, dashes: string): void {
  const scopes = [...(spec.scopes ?? [])].sort();
  if (scopes.length > 0) w.line(0, `${indent}Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes) if (scopeHelp[scope]) w.line(0, `${indent || ' '}* ${scopeHelp[scope]}`);
  w.line(0, `${indent}Resource\tUsed\tHard`).line(0, `${indent}--------\t${dashes}\t${dashes}`);
  for (const name of Object.keys(status?.hard ?? {}).sort()) w.line(0, `${indent}${name}\t${parseQuantity(status.used?.[name] ?? '0')}\t${parseQuantity(status.hard[name])}`);
}

export const describeQuota: Describe = (w, object) => {
  w.field(0, 'Name', object.metadata.name).field(0, 'Namespace', object.metadata.namespace);
  quotaLines(w, object, '', '----');
};

/** kubectl takes the resources of an item in any order. */
function limitLines(w: Writer, items: readonly LimitRangeItem[], indent: string): void {
  for (const { type, min, max, defaultRequest, default: limit, maxLimitRequestRatio } of items) {
    const lists = [min, max, defaultRequest, limit, maxLimitRequestRatio];
    const names = [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort();
    for (const name of names) w.line(0, `${indent}${[type, name, ...lists.map((list) => list?.[name] ?? '-')].join('\t')}`);
  }
}

const limitTitles = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio'];

function limitHead(w: Writer, indent: string): void {
  w.line(0, `${indent}${limitTitles.join('\t')}`).line(0, `${indent}${limitTitles.map((title) => '-'.repeat(title.length)).join('\t')}`);
}

export const describeLimitRange: Describe = (w, { metadata, spec }) => {
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  limitHead(w, '');
  limitLines(w, spec.limits ?? [], '');
};

export const describeNamespace: Describe = (w, { metadata, status }, call) => {
  w.field(0, 'Name', metadata.name);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Status', status?.phase ?? '');
  const quotas = call.client.list('ResourceQuota', { namespace: metadata.name }).items;
  w.line(0, quotas.length > 0 ? '\nResource Quotas' : '\nNo resource quota.');
  for (const quota of quotas) {
    w.line(0, `  Name:\t${quota.metadata.name}`);
    quotaLines(w, quota, '  ', '---');
  }
  const ranges = call.client.list('LimitRange', { namespace: metadata.name }).items;
  if (ranges.length === 0) return void w.line(0, '\nNo LimitRange resource.');
  w.line(0, '\nResource Limits');
  limitHead(w, ' ');
  for (const { spec } of ranges) limitLines(w, spec.limits ?? [], ' ');
};
