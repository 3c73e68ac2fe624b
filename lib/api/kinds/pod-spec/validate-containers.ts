// Containers, and what all kinds of containers have in common.
import { isDNS1123Label } from '../../names.ts';
import type { Container, PodSpec } from '../../types.ts';
import type { FieldPath, Problems } from './problems.ts';
import { validateEnv, validateEnvFrom } from './validate-env.ts';
import { validateDevices, validateMounts, type Volumes } from './validate-mounts.ts';
import { checkHostPorts, validatePorts } from './validate-ports.ts';
import { validateLifecycle, validateProbe } from './validate-probes.ts';
import { validateResources } from './validate-resources.ts';
import { validateSecurityContext } from './validate-security.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const goodNames = new Set<string>();

/** Names of containers repeat from pod to pod: a good one is looked at once. */
function validateName(problems: Problems, at: FieldPath, name: string): void {
  if (goodNames.has(name)) return;
  const messages = isDNS1123Label(name);
  if (messages.length > 0) return problems.each(at.child('name'), name, messages);
  if (goodNames.size >= 1000) goodNames.clear();
  goodNames.add(name);
}

function validateNameAndImage(problems: Problems, at: FieldPath, { name }: Container): void {
  if (!name) problems.required(at.child('name'));
  else validateName(problems, at, name);
}

function validateMessagePolicy(problems: Problems, at: FieldPath, policy: string | undefined): void {
  if (policy === 'File' || policy === 'FallbackToLogsOnError') return;
  const detail = "must be 'File' or 'FallbackToLogsOnError'";
  const newer = problems.version.has('containers-by-kind');
  if (!policy) problems.required(at.child('terminationMessagePolicy'), newer ? '' : detail);
  else if (newer) problems.notSupported(at.child('terminationMessagePolicy'), policy, ['File', 'FallbackToLogsOnError']);
  else problems.invalid(at.child('terminationMessagePolicy'), policy, detail);
}

function validatePullPolicy(problems: Problems, at: FieldPath, policy: string | undefined): void {
  if (!policy) problems.required(at.child('imagePullPolicy'));
  else if (!pullPolicies.includes(policy)) problems.notSupported(at.child('imagePullPolicy'), policy, pullPolicies);
}

/** What every container has, in this order. */
function validateFields(problems: Problems, at: FieldPath, container: Container, volumes: Volumes): void {
  if (container.ports) validatePorts(problems, at.child('ports'), container.ports);
  if (container.env) validateEnv(problems, at.child('env'), container.env);
  if (container.envFrom) validateEnvFrom(problems, at.child('envFrom'), container.envFrom);
  if (container.volumeMounts) validateMounts(problems, at.child('volumeMounts'), container, volumes);
  if (container.volumeDevices) validateDevices(problems, at.child('volumeDevices'), container, volumes);
  validatePullPolicy(problems, at, container.imagePullPolicy);
  const { resources, securityContext } = container;
  if (resources?.limits || resources?.requests) validateResources(problems, at.child('resources'), resources);
  if (securityContext) validateSecurityContext(problems, at.child('securityContext'), securityContext);
}

export function validateHooks(problems: Problems, at: FieldPath, container: Container, grace: number): void {
  if (container.lifecycle) validateLifecycle(problems, at.child('lifecycle'), container.lifecycle, grace);
  if (container.livenessProbe) validateProbe(problems, at.child('livenessProbe'), container.livenessProbe, true);
  if (container.readinessProbe) validateProbe(problems, at.child('readinessProbe'), container.readinessProbe, false);
  if (container.startupProbe) validateProbe(problems, at.child('startupProbe'), container.startupProbe, true);
}

const isRepeated = (list: readonly Container[], i: number) => {
  for (let j = 0; j < i; j++) if (list[j]!.name === list[i]!.name) return true;
  return false;
};

/** The order of checks of releases before containers were split by their kind. */
export function validateOld(problems: Problems, at: FieldPath, list: readonly Container[], volumes: Volumes): void {
  for (let i = 0; i < list.length; i++) {
    const [path, container] = [at.index(i), list[i]!];
    validateNameAndImage(problems, path, container);
    if (isRepeated(list, i)) problems.duplicate(path.child('name'), container.name ?? '');
    if (!container.image) problems.required(path.child('image'));
    if (container.lifecycle) validateLifecycle(problems, path.child('lifecycle'), container.lifecycle, 0);
    if (container.livenessProbe) validateProbe(problems, path.child('livenessProbe'), container.livenessProbe, true);
    if (container.startupProbe) validateProbe(problems, path.child('startupProbe'), container.startupProbe, true);
    validateMessagePolicy(problems, path, container.terminationMessagePolicy);
    if (container.readinessProbe) validateProbe(problems, path.child('readinessProbe'), container.readinessProbe, false);
    validateFields(problems, path, container, volumes);
  }
}

export function validateCommon(problems: Problems, at: FieldPath, container: Container, volumes: Volumes): void {
  validateNameAndImage(problems, at, container);
  if (!container.image) problems.required(at.child('image'));
  validateMessagePolicy(problems, at, container.terminationMessagePolicy);
  validateFields(problems, at, container, volumes);
}

export function validateContainers(problems: Problems, at: FieldPath, spec: PodSpec, volumes: Volumes): void {
  const list = spec.containers ?? [];
  if (list.length === 0) return problems.required(at);
  if (!problems.version.has('containers-by-kind')) validateOld(problems, at, list, volumes);
  else {
    for (let i = 0; i < list.length; i++) {
      const [path, container] = [at.index(i), list[i]!];
      validateCommon(problems, path, container, volumes);
      if (isRepeated(list, i)) problems.duplicate(path.child('name'), container.name ?? '');
      validateHooks(problems, path, container, spec.terminationGracePeriodSeconds ?? 30);
      if (container.restartPolicy !== undefined) problems.forbidden(path.child('restartPolicy'), 'may not be set for non-init containers');
    }
  }
  checkHostPorts(problems, at, list);
}

/** The image of a pod's container is taken as it is written; a template's is not looked at. */
export function checkImageSpaces(problems: Problems, at: FieldPath, list: readonly Container[] | undefined, first = 0, end = list?.length ?? 0): void {
  for (let i = first; i < end; i++) {
    const { image = '' } = list![i]!;
    if (image.trim().length !== image.length) problems.invalid(at.index(i).child('image'), image, 'must not have leading or trailing whitespace');
  }
}
