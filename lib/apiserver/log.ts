// What a request for a log may say, and which container it is about.
import { badRequest, type FieldError, forbiddenField, goTimeError, invalid, invalidObject, type KubeObject, type Version } from '../api/index.ts';
import type { RequestOptions } from './request.ts';

/** Throws for options that no log can follow; the pod is not looked for before. */
export function checkLogOptions(name: string, { sinceSeconds, sinceTime, tailLines, limitBytes }: RequestOptions): void {
  const problem = sinceTime === undefined ? undefined : goTimeError(sinceTime, 'seconds');
  if (problem) throw badRequest(problem);
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0) errors.push(invalid('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalid('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined) errors.push(forbiddenField('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (sinceSeconds !== undefined && sinceSeconds < 1) errors.push(invalid('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  if (errors.length > 0) throw invalidObject({ group: '', plural: '', kind: 'PodLogOptions' }, name, errors);
}

/** Which container a log is asked of; the only one when none is named. */
export function containerOfLog({ metadata: { name }, spec }: KubeObject, container: string | undefined, version: Version): string {
  const names = (list: { name: string }[] = []) => list.map((one) => one.name);
  const all = [...names(spec.containers), ...names(spec.initContainers), ...names(spec.ephemeralContainers)];
  if (container) {
    if (all.includes(container)) return container;
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  if (all.length === 1) return all[0]!;
  const apart = version.has('log-init-containers-apart');
  if (apart && spec.containers.length === 1) return spec.containers[0].name;
  const first = apart ? names(spec.containers) : [...names(spec.initContainers), ...names(spec.containers)];
  const inits = apart && spec.initContainers?.length ? ` or one of the init containers: [${names(spec.initContainers).join(' ')}]` : '';
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${first.join(' ')}]${inits}`);
}
