// What an update of a pod's status may say.
import type { FieldError } from '../../field-error.ts';
import { isDNS1123Subdomain, isQualifiedName, isValidIP, parseIP } from '../../names.ts';
import type { Context } from '../../resource.ts';
import { isSidecar } from '../../pod-helpers.ts';
import type { Container, ContainerStatus, KubeObject, PodStatus } from '../../types.ts';
import { annotationsPath, type FieldPath, metadataPath, Problems, statusPath } from './problems.ts';
import { validateAnnotationUpdate, validatePodAnnotations } from './validate-annotations.ts';

const systemConditions = new Set(['PodScheduled', 'Ready', 'Initialized', 'ContainersReady']);

function validateConditions(problems: Problems, { conditions }: PodStatus): void {
  if (!conditions) return;
  for (let i = 0; i < conditions.length; i++) {
    const type = conditions[i]!.type ?? '';
    if (systemConditions.has(type)) continue;
    problems.each(metadataPath.child('conditions').index(i).child('Type'), type, isQualifiedName(type));
  }
}

/** A container that must not run again stays ended. */
function validateTransition(problems: Problems, at: FieldPath, now: ContainerStatus[] = [], before: ContainerStatus[] = [], restartPolicy: string, mayRestart?: Set<string>): void {
  before.forEach(({ name, state }, i) => {
    if (mayRestart?.has(name) || !state?.terminated || (state.terminated.exitCode !== 0 && restartPolicy === 'OnFailure')) return;
    for (const status of now) if (status.name === name && !status.state?.terminated) problems.forbidden(at.index(i).child('state'), 'may not be transitioned to non-terminated state');
  });
}

function validateAddresses(problems: Problems, { podIPs }: PodStatus): void {
  if (!podIPs) return;
  const at = statusPath.child('podIPs');
  for (let i = 0; i < podIPs.length; i++) {
    const { ip = '' } = podIPs[i]!;
    if (!parseIP(ip)) problems.each(at.index(i), ip, isValidIP(ip));
  }
  if (podIPs.length < 2) return;
  const addresses = podIPs.map(({ ip = '' }) => ip);
  const families = new Set(addresses.map(parseIP));
  if (families.size < 2 || addresses.length > 2) problems.invalidText(at, `[]core.PodIP{${addresses.map((ip) => `core.PodIP{IP:${JSON.stringify(ip)}}`).join(', ')}}`, 'may specify no more than one IP for each IP family');
  addresses.forEach((address, i) => addresses.indexOf(address) < i && problems.list.push({ type: 'FieldValueDuplicate', field: at.index(i).toString(), message: `Duplicate value: core.PodIP{IP:${JSON.stringify(address)}}` }));
}

export function validatePodStatusUpdate(pod: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  const { annotations } = pod.metadata;
  if (annotations !== old.metadata.annotations) {
    validateAnnotationUpdate(problems, annotationsPath, annotations, old.metadata.annotations);
    validatePodAnnotations(problems, annotationsPath, annotations, old.spec);
  }
  const now: PodStatus = pod.status ?? {};
  const before: PodStatus = old.status ?? {};
  validateConditions(problems, now);
  const nominated = now.nominatedNodeName;
  if (nominated && nominated !== before.nominatedNodeName) problems.each(statusPath.child('nominatedNodeName'), nominated, isDNS1123Subdomain(nominated));
  if (version.has('qos-immutable') && now.qosClass !== before.qosClass) problems.invalid(statusPath.child('qosClass'), now.qosClass ?? '', 'field is immutable');
  const policy = old.spec.restartPolicy;
  if (policy !== 'Always') {
    const sidecars = new Set<string>((old.spec.initContainers ?? []).filter(isSidecar).map(({ name }: Container) => name));
    validateTransition(problems, statusPath.child('containerStatuses'), now.containerStatuses, before.containerStatuses, policy);
    validateTransition(problems, statusPath.child('initContainerStatuses'), now.initContainerStatuses, before.initContainerStatuses, policy, sidecars);
  }
  validateAddresses(problems, now);
  return problems.list;
}
