// StatefulSet and DaemonSet.
import { formatLabels, type KubeObject, selectorFromLabelSelector } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { podCounts } from './controllers.ts';
import { describeEvents } from './events.ts';
import { podTemplate } from './template.ts';
import { annotations, multiline, type Writer } from './writer.ts';

const selectorText = (object: KubeObject) => selectorFromLabelSelector(object.spec.selector).toString();

export function describeStatefulSet(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace).field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp));
  w.field(0, 'Selector', selectorText(object));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Replicas', `${spec.replicas} desired | ${status?.replicas ?? 0} total`);
  w.field(0, 'Update Strategy', spec.updateStrategy?.type ?? '');
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) w.field(1, 'Partition', rolling.partition);
  w.field(0, 'Pods Status', podCounts(call, object));
  podTemplate(w, spec.template, call);
  claimTemplates(w, spec.volumeClaimTemplates ?? []);
  describeEvents(w, call, object);
}

function claimTemplates(w: Writer, claims: KubeObject[]): void {
  if (claims.length === 0) {
    w.line(0, 'Volume Claims:\t<none>');
    return;
  }
  w.line(0, 'Volume Claims:');
  for (const { metadata, spec } of claims) {
    w.field(1, 'Name', metadata.name).field(1, 'StorageClass', spec.storageClassName ?? '');
    multiline(w, 'Labels', metadata.labels, { indent: '  ' });
    multiline(w, 'Annotations', metadata.annotations, { indent: '  ' });
    const { storage } = spec.resources?.requests ?? {};
    w.field(1, 'Capacity', storage ?? '<default>');
    w.field(1, 'Access Modes', `[${(spec.accessModes ?? []).join(' ')}]`);
  }
}

export function describeDaemonSet(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name);
  if (call.version.has('describe-daemon-set-namespace')) w.field(0, 'Namespace', metadata.namespace);
  w.field(0, 'Selector', selectorText(object)).field(0, 'Node-Selector', formatLabels(spec.template.spec.nodeSelector));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`);
  w.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`);
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  w.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`);
  w.field(0, 'Pods Status', podCounts(call, object));
  podTemplate(w, spec.template, call);
  describeEvents(w, call, object);
}
