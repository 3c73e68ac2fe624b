// History and undo of stateful sets and daemon sets, whose former templates are kept as controller revisions.
import { type ControllerRevision, equal, type KubeObject, selectorFromLabelSelector } from '../../api/index.ts';
import { describeTemplate } from '../describe/template.ts';
import { CommandError } from '../errors.ts';
import { clientKind, keyOf } from '../names.ts';
import { dryRun, type Reporter } from '../print.ts';
import type { Call, Info } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';

export const hasRevisions = ({ resource }: Info) => resource.kind === 'StatefulSet' || resource.kind === 'DaemonSet';

function revisionsOf(call: Call, { metadata, spec }: KubeObject): ControllerRevision[] {
  const labelSelector = selectorFromLabelSelector(spec.selector).toString();
  const { items } = call.client.list('ControllerRevision', { namespace: metadata.namespace!, labelSelector });
  return items.filter((revision) => revision.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === metadata.uid)).sort((a, b) => a.revision - b.revision);
}

function templateOf({ data }: ControllerRevision): KubeObject['spec'] {
  const { $patch: _, ...template } = (data as { spec: { template: Record<string, unknown> } }).spec.template;
  return template;
}

export function showRevisions(call: Call, info: Info, title: string): void {
  const revisions = revisionsOf(call, info.object!);
  const wanted = call.flags.int('revision');
  if (revisions.length === 0) return call.out.write(`${title} \nNo rollout history found.\n`);
  if (wanted > 0) {
    const found = revisions.find(({ revision }) => revision === wanted);
    if (!found) throw new CommandError('unable to find the specified revision');
    return call.out.write(`${title} with revision #${wanted}\n${describeTemplate(templateOf(found), call)}\n`);
  }
  const rows = revisions.map(({ revision, metadata }) => [String(revision), metadata.annotations?.['kubernetes.io/change-cause'] || '<none>']);
  call.out.write(`${title} \n${alignRows([['REVISION', 'CHANGE-CAUSE'], ...rows])}\n`);
}

/** The revision's data is a patch that brings its template back. */
export function undoToRevision(call: Call, info: Info, reporter: Reporter): void {
  const wanted = call.flags.int('to-revision');
  const revisions = revisionsOf(call, info.object!);
  if (wanted === 0 && revisions.length <= 1) throw new CommandError('no last revision to roll back to');
  const found = wanted > 0 ? revisions.find(({ revision }) => revision === wanted) : revisions.at(-2);
  if (!found) throw new CommandError(`unable to find specified revision ${wanted} in history`);
  if (dryRun(call) === 'client') return reporter.report(info, `will roll back to ${describeTemplate(templateOf(found), call)}`);
  if (equal(withoutEmpty(templateOf(found)), withoutEmpty(info.object!.spec.template))) return reporter.report(info, `skipped rollback (current template already matches revision ${wanted})`);
  call.client.patch(clientKind(info.resource), keyOf(info), found.data, { dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-rollout' });
  reporter.report(info, 'rolled back');
}

/** A revision also holds what Go always prints, `resources: {}` and the like. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutEmpty(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== null && !(typeof item === 'object' && !Array.isArray(item) && Object.keys(item as object).length === 0)));
}
