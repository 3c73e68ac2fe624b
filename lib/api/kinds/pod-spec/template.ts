// Pod templates: what deployments, replica sets and replication controllers share.
import type { PodTemplateSpec } from '../../types.ts';
import type { Version } from '../../version.ts';
import { defaultPodSpec } from './defaults.ts';

/** Defaults of a template. An object's time of creation is always printed, null in a template. */
export function defaultTemplate(template: PodTemplateSpec, version: Version): void {
  const metadata = (template.metadata ??= {}) as Record<string, unknown>;
  metadata.creationTimestamp ??= null;
  template.spec ??= { containers: [] };
  defaultPodSpec(template.spec, version);
}

/** The CONTAINERS and IMAGES columns of `-o wide`. */
export function containerCells(template: PodTemplateSpec | undefined): [names: string, images: string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name }) => name).join(','), containers.map(({ image }) => image).join(',')];
}
