import { complete, type KubeObject, type PodTemplateSpec } from '../../api/index.ts';

const known = new WeakMap<PodTemplateSpec, unknown>();

/** What a revision keeps: a strategic merge patch that brings the template back. Made once for each (frozen) template. */
export function templateData({ apiVersion, kind, spec }: KubeObject): unknown {
  const template = spec.template as PodTemplateSpec;
  let data = known.get(template);
  if (data === undefined) {
    const whole = complete(apiVersion, kind, { apiVersion, kind, spec: { template } });
    known.set(template, (data = { spec: { template: { ...whole.spec.template, $patch: 'replace' } } }));
  }
  return data;
}
