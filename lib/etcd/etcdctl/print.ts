// How etcdctl prints: simple, json, fields, table.
import type { KeyValue } from '../key-value.ts';
import type { RangeResult } from '../store.ts';
import { Failure } from './failure.ts';

/** Differs from etcdctl: the ids are those of the text below, not hashes of the members' addresses. */
export const clusterId = '14841639068965178418';
export const memberId = { decimal: '10276657743932975437', hex: '8e9e05c52164694d' };
export const raftTerm = 2;

/** What is stored, as text. Differs from Kubernetes: kube-apiserver writes protobuf, of which a terminal shows less. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export function header(revision: number): string {
  return `"header":{"cluster_id":${clusterId},"member_id":${memberId.decimal},"revision":${revision},"raft_term":${raftTerm}}`;
}

export interface RangeView {
  revision: number;
  keysOnly: boolean;
  valueOnly: boolean;
}

export function rangeText(format: string, { kvs, count, more }: RangeResult, view: RangeView): string {
  const value = (kv: KeyValue) => (view.keysOnly ? '' : textOf(kv.value));
  if (format === 'simple') return kvs.map((kv) => `${view.valueOnly ? '' : `${kv.key}\n`}${value(kv)}\n`).join('');
  if (format === 'json') return `{${header(view.revision)}${kvs.length > 0 ? `,"kvs":[${kvs.map((kv) => jsonOf(kv, value(kv))).join(',')}]` : ''}${more ? ',"more":true' : ''}${count > 0 ? `,"count":${count}` : ''}}\n`;
  if (format === 'fields') return `${fields({ ClusterID: clusterId, MemberID: memberId.decimal, Revision: view.revision, RaftTerm: raftTerm })}${kvs.map((kv) => fieldsOf(kv, value(kv))).join('')}${fields({ More: more, Count: count })}`;
  throw new Failure(4, `${format} not supported as output format`);
}

function jsonOf(kv: KeyValue, value: string): string {
  const lease = kv.lease ? `,"lease":${kv.lease}` : '';
  return `{"key":"${base64(kv.key)}","create_revision":${kv.createRevision},"mod_revision":${kv.modRevision},"version":${kv.version}${value === '' ? '' : `,"value":"${base64(value)}"`}${lease}}`;
}

function fieldsOf(kv: KeyValue, value: string): string {
  return fields({ Key: JSON.stringify(kv.key), CreateRevision: kv.createRevision, ModRevision: kv.modRevision, Version: kv.version, Value: JSON.stringify(value), Lease: kv.lease });
}

const fields = (values: Record<string, unknown>) => Object.entries(values).map(([name, value]) => `"${name}" : ${String(value)}\n`).join('');

/** A table with a frame. Headings are in the middle, numbers and such on the right. */
export function tableText(headings: readonly string[], ...rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((cells) => cells[i]!.length)));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const row = (texts: readonly string[], place: (text: string, width: number) => string) => `|${texts.map((text, i) => ` ${place(text, widths[i]!)} `).join('|')}|\n`;
  const middle = (text: string, width: number) => text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
  return `${rule}${row(headings, middle)}${rule}${rows.map((cells) => row(cells, (text, width) => text.padStart(width))).join('')}${rule}`;
}

/** `229 kB` */
export function sizeText(bytes: number): string {
  const [amount, unit] = bytes < 1000 ? [bytes, 'B'] : bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${amount < 10 && unit !== 'B' ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
