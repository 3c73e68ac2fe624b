// PATCH: what is stored, and a patch, make the object that a PUT would have sent.
import { draft, type KubeObject } from '../api/index.ts';
import type { ApiRequest } from './request.ts';
import type { ApiServer } from './server.ts';

/** The patched object; for the in-process client's merges of a status nothing else is copied. */
export function patched(_server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  if (request.status) return { ...old, status: { ...old.status, ...request.status } };
  const { type, body } = request.patch!;
  const target = draft(old);
  void type;
  return Object.assign(target, body);
}
