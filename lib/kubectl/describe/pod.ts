import { type Container, humanDuration, type KubeObject, type Pod, podQOSClass } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeContainers, seccompProfile } from './containers.ts';
import { describeEvents } from './events.ts';
import { describeVolumes } from './volumes.ts';
import { annotations, multiline, spread, tolerations, type Writer } from './writer.ts';

export function describePod(w: Writer, object: KubeObject, call: Call): void {
  const pod = object as Pod;
  const { metadata, spec, status } = pod;
  header(w, pod, call);
  w.field(0, 'IP', status.podIP ?? '');
  if (status.podIPs?.length) {
    w.line(0, 'IPs:');
    for (const { ip } of status.podIPs) w.field(1, 'IP', ip);
  } else w.line(0, 'IPs:\t<none>');
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) w.field(0, 'Controlled By', `${owner.kind}/${owner.name}`);
  if (status.nominatedNodeName) w.field(0, 'NominatedNodeName', status.nominatedNodeName);
  if (spec.initContainers?.length) describeContainers(w, 'Init Containers', spec.initContainers, { statuses: status.initContainerStatuses, pod: object });
  describeContainers(w, 'Containers', spec.containers, { statuses: status.containerStatuses, pod: object });
  if (spec.ephemeralContainers?.length) describeContainers(w, 'Ephemeral Containers', spec.ephemeralContainers as Container[], { statuses: status.ephemeralContainerStatuses, pod: object });
  conditions(w, pod);
  describeVolumes(w, spec.volumes, { call });
  w.field(0, 'QoS Class', status.qosClass || podQOSClass(spec));
  multiline(w, 'Node-Selectors', spec.nodeSelector);
  tolerations(w, 'Tolerations', spec.tolerations);
  spread(w, spec);
  describeEvents(w, call, object);
}

function header(w: Writer, { metadata, spec, status }: Pod, call: Call): void {
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  if (spec.priority !== undefined) w.field(0, 'Priority', spec.priority);
  if (spec.priorityClassName) w.field(0, 'Priority Class Name', spec.priorityClassName);
  if (spec.runtimeClassName) w.field(0, 'Runtime Class Name', spec.runtimeClassName);
  if (spec.serviceAccountName) w.field(0, 'Service Account', spec.serviceAccountName);
  w.field(0, 'Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>');
  if (status.startTime) w.field(0, 'Start Time', rfc1123(String(status.startTime)));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    w.field(0, 'Status', `Terminating (lasts ${humanDuration(call.now() - Date.parse(metadata.deletionTimestamp))})`);
    w.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else w.field(0, 'Status', status.phase ?? '');
  if (status.reason) w.field(0, 'Reason', status.reason);
  if (status.message) w.field(0, 'Message', status.message);
  seccompProfile(w, 0, spec.securityContext);
}

function conditions(w: Writer, { spec, status }: Pod): void {
  if (spec.readinessGates?.length) {
    w.write(0, 'Readiness Gates:\n  Type\tStatus\n');
    for (const { conditionType } of spec.readinessGates) w.line(1, `${conditionType} \t${status.conditions?.find(({ type }) => type === conditionType)?.status ?? '<none>'} `);
  }
  if (!status.conditions?.length) return;
  w.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const condition of status.conditions) w.line(1, `${condition.type} \t${condition.status} `);
}
