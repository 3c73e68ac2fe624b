// Init containers and ephemeral containers.
import { isSidecar } from '../../pod-helpers.ts';
import type { Container, PodSpec } from '../../types.ts';
import { goPointers } from './go-text.ts';
import type { FieldPath, Problems } from './problems.ts';
import { checkImageSpaces, validateCommon, validateHooks, validateOld } from './validate-containers.ts';
import type { Volumes } from './validate-mounts.ts';
import { checkHostPorts } from './validate-ports.ts';

const hooks = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const goHook = (hook: string) => (hook === 'lifecycle' ? goPointers('core.Lifecycle', []) : goPointers('core.Probe', []));

export function validateInitContainers(problems: Problems, at: FieldPath, spec: PodSpec, volumes: Volumes): void {
  const list = spec.initContainers!;
  const names = new Set(spec.containers?.map(({ name }) => name));
  const takeName = (path: FieldPath, { name }: Container) => {
    if (names.has(name)) problems.duplicate(path.child('name'), name);
    if (name) names.add(name);
  };
  if (problems.version.has('containers-by-kind')) {
    list.forEach((container, i) => validateInitContainer(problems, at, i, container, { spec, volumes, takeName }));
    return;
  }
  validateOld(problems, at, list, volumes);
  for (const container of list) checkHostPorts(problems, at, [container]);
  list.forEach((container, i) => {
    takeName(at.index(i), container);
    for (const hook of hooks) if (container[hook]) problems.invalidText(at.index(i).child(hook), goHook(hook), 'must not be set for init containers');
  });
}

interface InitContext {
  spec: PodSpec;
  volumes: Volumes;
  takeName(path: FieldPath, container: Container): void;
}

function validateInitContainer(problems: Problems, at: FieldPath, i: number, container: Container, { spec, volumes, takeName }: InitContext): void {
  const path = at.index(i);
  validateCommon(problems, path, container, volumes);
  const policy = container.restartPolicy;
  if (policy !== undefined && policy !== 'Always') problems.notSupported(path.child('restartPolicy'), policy, ['Always']);
  takeName(path, container);
  checkHostPorts(problems, at, [container]);
  if (isSidecar(container)) return validateHooks(problems, path, container, spec.terminationGracePeriodSeconds ?? 30);
  for (const hook of hooks) if (container[hook]) problems.forbidden(path.child(hook), 'may not be set for init containers without restartPolicy=Always');
}

const notEphemeral = 'cannot be set for an Ephemeral Container';

const ephemeralFields = new Set([
  ...['name', 'image', 'command', 'args', 'workingDir', 'envFrom', 'env', 'volumeMounts', 'terminationMessagePath', 'terminationMessagePolicy'],
  ...['imagePullPolicy', 'securityContext', 'stdin', 'stdinOnce', 'tty', 'targetContainerName'],
]);
const goOrder = ['ports', 'resources', 'volumeDevices', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'securityContext'];

/** Containers added to a running pod to look into it: no ports, probes or resources. */
export function validateEphemeralContainers(problems: Problems, at: FieldPath, spec: PodSpec, volumes: Volumes): void {
  const names = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  const targets = new Set(names);
  spec.ephemeralContainers!.forEach((entry, i) => {
    const [path, container] = [at.index(i), entry as Container];
    validateCommon(problems, path, container, volumes);
    checkImageSpaces(problems, at, spec.ephemeralContainers as Container[], i, i + 1);
    if (names.has(container.name)) problems.duplicate(path.child('name'), container.name);
    if (container.name) names.add(container.name);
    const target = entry.targetContainerName;
    if (target && !targets.has(target)) problems.notFound(path.child('targetContainerName'), target);
    const given = container as unknown as Record<string, unknown>;
    const isSet = (field: string) => given[field] !== undefined && (field !== 'resources' || Object.keys(given.resources as object).length > 0);
    for (const field of goOrder) if (!ephemeralFields.has(field) && isSet(field)) problems.forbidden(path.child(field), notEphemeral);
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, j) => {
      if (subPath) problems.forbidden(path.child('volumeMounts').index(j).child('subPath'), notEphemeral);
      if (subPathExpr) problems.forbidden(path.child('volumeMounts').index(j).child('subPathExpr'), notEphemeral);
    });
  });
}
