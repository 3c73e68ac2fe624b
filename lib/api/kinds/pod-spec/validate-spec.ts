// A pod spec as a whole, in a pod or in a template (pkg/apis/core/validation).
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName } from '../../names.ts';
import type { PodSpec } from '../../types.ts';
import { validateLabels } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';
import { validateAffinity } from './validate-affinity.ts';
import { validateContainers } from './validate-containers.ts';
import { validateDNSConfig, validateDNSPolicy, validateHostAliases } from './validate-dns.ts';
import { validateEphemeralContainers, validateInitContainers } from './validate-other-containers.ts';
import { validateResources } from './validate-resources.ts';
import { validatePodSecurityContext } from './validate-security.ts';
import { validateSpread } from './validate-spread.ts';
import { validateTolerations } from './validate-tolerations.ts';
import { validateVolumes } from './validate-volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

function oneOf(problems: Problems, at: FieldPath, value: string | undefined, supported: readonly string[]): void {
  if (!value) problems.required(at);
  else if (!supported.includes(value)) problems.notSupported(at, value, supported);
}

/** On the host's network the ports of a container are the host's. */
function validateHostNetwork(problems: Problems, at: FieldPath, spec: PodSpec): void {
  const newer = problems.version.has('host-ports-only-in-pods');
  spec.containers?.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort = 0, containerPort }, j) => {
      if (hostPort === containerPort || (newer && hostPort === 0)) return;
      const path = at.index(i).child('ports').index(j);
      if (newer) problems.invalid(path.child('hostPort'), hostPort, 'must match `containerPort` when `hostNetwork` is true');
      else problems.invalid(path.child('containerPort'), containerPort, 'must match `hostPort` when `hostNetwork` is true');
    });
  });
}

const goodNames = new Set(['default']);

/** Names of other objects: a DNS subdomain each. A good one is looked at once. */
function validateReference(problems: Problems, at: FieldPath, field: 'serviceAccountName' | 'nodeName' | 'priorityClassName' | 'runtimeClassName', name: string): void {
  if (goodNames.has(name)) return;
  const messages = isDNS1123Subdomain(name);
  if (messages.length > 0) return problems.each(at.child(field), name, messages);
  if (goodNames.size >= 10_000) goodNames.clear();
  goodNames.add(name);
}

function validateLabel(problems: Problems, at: FieldPath, name: string): void {
  problems.each(at, name, isDNS1123Label(name));
}

/** The parts that few pods have. */
function validateRare(problems: Problems, at: FieldPath, spec: PodSpec): void {
  if (spec.affinity) validateAffinity(problems, at.child('affinity'), spec.affinity);
  if (spec.dnsConfig || spec.dnsPolicy === 'None') validateDNSConfig(problems, at.child('dnsConfig'), spec.dnsConfig, spec.dnsPolicy);
  spec.readinessGates?.forEach(({ conditionType = '' }, i) => problems.each(at.child('readinessGates').index(i).child('conditionType'), conditionType, isQualifiedName(conditionType)));
  if (spec.schedulingGates) validateSchedulingGates(problems, at.child('schedulingGates'), spec.schedulingGates);
  if (spec.topologySpreadConstraints) validateSpread(problems, at.child('topologySpreadConstraints'), spec.topologySpreadConstraints);
}

function validateSchedulingGates(problems: Problems, at: FieldPath, gates: readonly { name?: string }[]): void {
  const seen = new Set<string>();
  gates.forEach(({ name = '' }, i) => {
    problems.each(at.index(i), name, isQualifiedName(name));
    if (seen.has(name)) problems.duplicate(at.index(i), name);
    seen.add(name);
  });
}

function validateNames(problems: Problems, at: FieldPath, spec: PodSpec): void {
  if (spec.serviceAccountName) validateReference(problems, at, 'serviceAccountName', spec.serviceAccountName);
  if (spec.nodeName) validateReference(problems, at, 'nodeName', spec.nodeName);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) problems.invalid(at.child('activeDeadlineSeconds'), deadline, 'must be between 1 and 2147483647, inclusive');
  if (spec.hostname) validateLabel(problems, at.child('hostname'), spec.hostname);
  if (spec.subdomain) validateLabel(problems, at.child('subdomain'), spec.subdomain);
  if (spec.tolerations) validateTolerations(problems, at.child('tolerations'), spec.tolerations);
  if (spec.hostAliases) validateHostAliases(problems, at.child('hostAliases'), spec.hostAliases);
  if (spec.priorityClassName) validateReference(problems, at, 'priorityClassName', spec.priorityClassName);
  if (spec.runtimeClassName !== undefined) validateReference(problems, at, 'runtimeClassName', spec.runtimeClassName);
  if (spec.preemptionPolicy !== undefined) oneOf(problems, at.child('preemptionPolicy'), spec.preemptionPolicy, preemptionPolicies);
  if (spec.overhead) validateResources(problems, at.child('overhead'), { limits: spec.overhead });
}

/** `podName` is '' in a template: claims of ephemeral volumes are named after their pod. */
export function validatePodSpec(problems: Problems, at: FieldPath, spec: PodSpec, podName = ''): void {
  const volumes = validateVolumes(problems, at.child('volumes'), spec.volumes, podName);
  const containers = at.child('containers');
  validateContainers(problems, containers, spec, volumes);
  if (spec.initContainers?.length) validateInitContainers(problems, at.child('initContainers'), spec, volumes);
  if (spec.ephemeralContainers?.length) validateEphemeralContainers(problems, at.child('ephemeralContainers'), spec, volumes);
  const newer = problems.version.has('host-ports-only-in-pods');
  if (spec.hostNetwork && newer) validateHostNetwork(problems, containers, spec);
  oneOf(problems, at.child('restartPolicy'), spec.restartPolicy, restartPolicies);
  validateDNSPolicy(problems, at.child('dnsPolicy'), spec.dnsPolicy);
  if (spec.nodeSelector) validateLabels(problems, at.child('nodeSelector'), spec.nodeSelector);
  if (spec.hostNetwork && !newer) validateHostNetwork(problems, containers, spec);
  if (spec.securityContext) validatePodSecurityContext(problems, at.child('securityContext'), spec.securityContext, spec);
  validateRare(problems, at, spec);
  validateNames(problems, at, spec);
}
