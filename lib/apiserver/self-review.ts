// `kubectl auth whoami`: POST …/selfsubjectreviews tells users whom the server takes them for.
import type { KubeObject } from '../api/index.ts';
import type { UserInfo } from './authorization/index.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { Route } from './route.ts';
import { shownUser } from './tokens/index.ts';

const group = 'authentication.k8s.io';

export const whoAsks = (user: UserInfo, version = 'v1'): KubeObject => ({ kind: 'SelfSubjectReview', apiVersion: `${group}/${version}`, metadata: { creationTimestamp: null }, status: { userInfo: shownUser(user) } }) as unknown as KubeObject;

/** Undefined for all other requests. Differs from Kubernetes: the body, which says nothing, is not read. */
export function selfReview({ method, user: name = 'kubernetes-admin', groups = ['system:masters', 'system:authenticated'], uid, extra }: HttpRequest, { group: asked, version, plural }: Route): HttpResponse | undefined {
  if (method !== 'POST' || asked !== group || plural !== 'selfsubjectreviews') return undefined;
  return { code: 201, body: whoAsks({ name, groups, uid, extra }, version) };
}
