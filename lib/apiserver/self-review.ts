// `kubectl auth whoami`: POST …/selfsubjectreviews tells users whom the server takes them for.
import type { HttpRequest, HttpResponse } from './http.ts';
import type { Route } from './route.ts';
import { shownUser } from './tokens/index.ts';

/** Undefined for all other requests. Differs from Kubernetes: the body, which says nothing, is not read. */
export function selfReview({ method, user: name = 'kubernetes-admin', groups = ['system:masters', 'system:authenticated'], uid, extra }: HttpRequest, { group, version, plural }: Route): HttpResponse | undefined {
  if (method !== 'POST' || group !== 'authentication.k8s.io' || plural !== 'selfsubjectreviews') return undefined;
  return { code: 201, body: { kind: 'SelfSubjectReview', apiVersion: `${group}/${version}`, metadata: { creationTimestamp: null }, status: { userInfo: shownUser({ name, groups, uid, extra }) } } };
}
