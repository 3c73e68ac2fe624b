// Roles and bindings in `kubectl describe`.
import type { KubeObject, Subject } from '../../api/index.ts';
import { accessColumns, accessRows } from '../rules.ts';
import { annotations, multiline, type Writer } from './writer.ts';

function head(w: Writer, { metadata }: KubeObject): void {
  w.field(0, 'Name', metadata.name);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
}

export function describeRole(w: Writer, object: KubeObject): void {
  head(w, object);
  w.line(0, 'PolicyRule:');
  for (const cells of [accessColumns, accessColumns.map((title) => '-'.repeat(title.length)), ...accessRows(object.rules ?? [])]) w.line(1, cells.join('\t'));
}

export function describeBinding(w: Writer, object: KubeObject): void {
  const { roleRef, subjects = [] } = object;
  head(w, object);
  w.line(0, 'Role:').field(1, 'Kind', roleRef.kind).field(1, 'Name', roleRef.name);
  w.line(0, 'Subjects:').line(1, 'Kind\tName\tNamespace').line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of subjects as Subject[]) w.line(1, `${kind}\t${name}\t${namespace}`);
}
