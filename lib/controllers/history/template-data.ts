import { complete, type KubeObject, type PodTemplateSpec } from '../../api/index.ts';

const known = new WeakMap<PodTemplateSpec, unknown>();

/** Its keys sorted, as Go writes maps: who looks for the revision of a template compares bytes. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  return Object.fromEntries(Object.keys(object).sort().map((key) => [key, inOrder(object[key])]));
}

/** What a revision keeps: a strategic merge patch that brings the template back. Made once for each (frozen) template. */
export function templateData({ apiVersion, kind, spec }: KubeObject): unknown {
  const template = spec.template as PodTemplateSpec;
  let data = known.get(template);
  if (data === undefined) {
    const whole = complete(apiVersion, kind, { apiVersion, kind, spec: { template } });
    known.set(template, (data = inOrder({ spec: { template: { ...whole.spec.template, $patch: 'replace' } } })));
  }
  return data;
}
