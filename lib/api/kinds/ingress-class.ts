import { type FieldError, invalid, required, tooLong } from '../field-error.ts';
import { isDNS1123Subdomain } from '../names.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { immutable, invalidAll, setGeneration } from './checks.ts';
import { referenceErrors } from './ingress.ts';

const field = 'spec.controller';

/** `example.com/name` (validation.IsDomainPrefixedPath) */
function controllerErrors(controller: string): FieldError[] {
  if (!controller) return [required(field)];
  const at = controller.indexOf('/');
  const [host, path] = at < 0 ? [controller, ''] : [controller.slice(0, at), controller.slice(at + 1)];
  if (at < 0 || !host || !path) return [invalid(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = invalidAll(field, host, isDNS1123Subdomain(host));
  return /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path) ? errors : [...errors, invalid(field, path, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")];
}

function validate({ spec }: KubeObject): FieldError[] {
  const controller: string = spec?.controller ?? '';
  return [...(controller.length > 250 ? [tooLong(field, 250)] : []), ...controllerErrors(controller), ...referenceErrors('spec.parameters', spec?.parameters)];
}

function parametersText(parameters: { kind?: string; apiGroup?: string | null; name?: string } | undefined): string {
  return parameters ? `${parameters.kind}${parameters.apiGroup == null ? '' : `.${parameters.apiGroup}`}/${parameters.name}` : '<none>';
}

export const ingressClass: Resource = {
  kind: 'IngressClass',
  listKind: 'IngressClassList',
  group: 'networking.k8s.io',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  namespaced: false,
  versions: [{ version: 'v1', since: 19 }, { version: 'v1beta1', since: 18, until: 21 }],
  etcdPath: 'ingressclasses',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    defaults(draft, { version }) {
      draft.spec ??= {};
      if (draft.spec.parameters && version.has('ingress-class-scope')) draft.spec.parameters.scope ??= 'Cluster';
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
    },
    validate,
    validateUpdate: (object, old) => [...immutable(field, object.spec?.controller ?? '', old.spec?.controller ?? ''), ...validate(object)],
  },
  columns: [nameColumn, column('Controller'), column('Parameters'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec?.controller ?? '', parametersText(object.spec?.parameters), age(object, now)],
};
