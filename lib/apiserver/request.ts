// A request is a value, an answer is a value: the same for the in-process client and for HTTP.
import type { KubeObject, Manifest, Resource, Subresource } from '../api/index.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface RequestOptions {
  dryRun?: boolean;
  fieldManager?: string;
  /** A server-side apply that takes over the fields of others. */
  force?: boolean;
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: string;
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  /** Of pods/log. */
  container?: string;
  previous?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  timestamps?: boolean;
  /** RFC 3339. */
  sinceTime?: string;
  limitBytes?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** One request to the API server, already routed and decoded. */
export interface ApiRequest {
  verb: Verb;
  resource: Resource;
  /** The served version asked for, `v1`; the preferred one when missing. */
  version?: string;
  namespace?: string;
  name?: string;
  subresource?: Subresource['name'];
  /** Body of create and update: plain data that the pipeline may keep (see `owned`). */
  object?: Manifest;
  /** True when nobody else holds `object`, so that it need not be copied. */
  owned?: boolean;
  patch?: { type: PatchType; body: unknown };
  /** A component's new status fields, merged over the present ones: shares what it names instead of copying it. */
  status?: Record<string, unknown>;
  options?: RequestOptions;
  /** Set by the pipeline when a PUT has made the object. */
  created?: boolean;
  /** Takes what the client is to be warned of. */
  warn?(text: string): void;
  /** `system:kube-scheduler`, `system:node:worker-1`, `kubernetes-admin`. */
  user: string;
  /** The user's groups, when authentication has told them; a component of this process has none to show. */
  groups?: readonly string[];
  /** What else authentication has told of the user. */
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
  userAgent: string;
  /** Tells the commands of one client apart, where it says (kubectl's Kubectl-Session). */
  session?: string;
}

/** What a lesson sees of a request: `cluster.requests()`. */
export interface RequestRecord {
  /** Milliseconds of virtual time. */
  time: number;
  verb: Verb;
  /** `/api/v1/namespaces/default/pods/web` */
  path: string;
  /** `labelSelector=app=web`: what chose the objects of a list, a watch or a deletecollection. Spelled without percent signs. */
  query?: string | undefined;
  user: string;
  userAgent: string;
  /** The same for all requests of one command, where the client says (the real kubectl does). */
  session?: string | undefined;
  /** HTTP status of the answer. */
  code: number;
}

/** The path a request would have over HTTP. */
export function pathOf({ resource, version, namespace, name, subresource }: Pick<ApiRequest, 'resource' | 'version' | 'namespace' | 'name' | 'subresource'>): string {
  const v = version ?? resource.versions[0]!.version;
  const root = resource.group ? `/apis/${resource.group}/${v}` : `/api/${v}`;
  const scope = resource.namespaced && namespace ? `/namespaces/${namespace}` : '';
  return `${root}${scope}/${resource.plural}${name ? `/${name}` : ''}${subresource ? `/${subresource}` : ''}`;
}

/** A list as the API answers it. */
export interface ObjectList {
  kind: string;
  apiVersion: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: KubeObject[];
}
