// Reviews: may this user do that? What may I do here? (pkg/registry/authorization)
import { badRequest, type FieldError, invalid, invalidObject, type KubeObject, type Manifest, type PolicyRule, StatusError } from '../../api/index.ts';
import type { ApiRequest } from '../request.ts';
import type { Attributes } from './attributes.ts';
import type { Authorizer } from './authorizer.ts';
import { aggregate } from './rbac.ts';
import type { UserInfo } from './user.ts';

/** Answers the POST of a review with its status. */
export function answerReview(authorizer: Authorizer, user: UserInfo, { resource, namespace = '', object = {}, version = 'v1' }: ApiRequest): KubeObject {
  const spec = object.spec ?? {};
  const metadata = { ...object.metadata };
  const answer = (status: object, asked: object = spec) => ({ kind: resource.kind, apiVersion: `${resource.group}/${version}`, metadata: { creationTimestamp: null, ...metadata }, spec: asked, status }) as unknown as KubeObject;
  if (resource.kind === 'SelfSubjectRulesReview') return { ...answer(rulesStatus(authorizer, user, spec.namespace), {}), metadata: { creationTimestamp: null } } as unknown as KubeObject;
  const errors = errorsOf(resource.kind, spec, metadata);
  if (errors.length > 0) throw withoutKind(invalidObject({ ...resource, kind: '' }, '', errors));
  if (resource.namespaced && (metadata.namespace ?? '') !== namespace) throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
  const asked = resource.kind === 'SelfSubjectAccessReview' ? user : { name: spec.user ?? '', groups: spec.groups ?? [] };
  const { allowed, reason } = authorizer.authorize(asked, wantedBy(spec));
  return answer({ allowed, ...(reason && { reason }) });
}

/** The decoded object no longer knows its kind, so the error does not either. */
function withoutKind({ reason, code, message, details: { kind: _, ...details } = {} }: StatusError): StatusError {
  return new StatusError(reason, code, message, details);
}

function wantedBy({ resourceAttributes: on, nonResourceAttributes: path }: Manifest): Attributes {
  if (!on) return { verb: path.verb ?? '', path: path.path ?? '' };
  const { verb = '', group = '', resource = '', subresource, namespace, name } = on;
  return { verb, group, resource, subresource, namespace, name };
}

/** How Go prints the attributes that are wrong. */
const goNonResource = ({ path = '', verb = '' }: { path?: string; verb?: string }) => `authorization.NonResourceAttributes{Path:${JSON.stringify(path)}, Verb:${JSON.stringify(verb)}}`;
const refused = (field: string, value: string, why: string): FieldError => ({ ...invalid(field, '', ''), message: `Invalid value: ${value}: ${why}` });

function errorsOf(kind: string, spec: Manifest, metadata: Manifest['metadata'] = {}): FieldError[] {
  const { resourceAttributes: on, nonResourceAttributes: path, user, groups } = spec;
  const errors: FieldError[] = [];
  if (on && path) errors.push(refused('spec.nonResourceAttributes', goNonResource(path), 'cannot be specified in combination with resourceAttributes'));
  if (!on && !path) errors.push(invalid('spec.resourceAttributes', 'null', 'exactly one of nonResourceAttributes or resourceAttributes must be specified'));
  if (kind !== 'SelfSubjectAccessReview' && !user && !groups?.length) errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'));
  const local = kind === 'LocalSubjectAccessReview';
  const set = Object.entries(metadata).filter(([name, value]) => value && name !== 'managedFields' && name !== 'creationTimestamp' && !(local && name === 'namespace'));
  if (set.length > 0) errors.push(invalid('metadata', metadata, local ? 'must be empty except for namespace' : 'must be empty'));
  if (!local) return errors;
  if (on && (on.namespace ?? '') !== (metadata.namespace ?? '')) errors.push(invalid('spec.resourceAttributes.namespace', on.namespace ?? '', 'must match metadata.namespace'));
  if (path) errors.push(refused('spec.nonResourceAttributes', goNonResource(path), 'disallowed on this kind of request'));
  return errors;
}

function rulesStatus(authorizer: Authorizer, user: UserInfo, namespace?: string): object {
  if (!namespace) throw badRequest('no namespace on request');
  const { rules, incomplete, errors } = authorizer.rulesFor(user, namespace);
  return {
    resourceRules: rules.filter(({ resources }) => resources?.length).map(({ verbs, apiGroups, resources, resourceNames }: PolicyRule) => ({ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) })),
    nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs?.length).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete,
    ...(errors.length > 0 && { evaluationError: aggregate(errors) }),
  };
}
