// Requests that are refused, each at a stage that is known, and what kubook's own API server answered.
import { createVersion, StatusError } from '../../../lib/api/index.ts';
import { type Admission, ApiServer, authenticate, type HttpResponse } from '../../../lib/apiserver/index.ts';
import { Store } from '../../../lib/etcd/index.ts';
import type { Random } from '../../../lib/index.ts';
import { Clock } from '../../../lib/sim/index.ts';

export const stages = ['authn', 'authz', 'admission', 'validation', 'storage'] as const;
export type Stage = (typeof stages)[number];

/** What the learner sees of a request and its answer. */
export interface Refusal {
  method: string;
  path: string;
  code: number;
  reason: string;
  message: string;
}

interface Asked {
  method: string;
  path: string;
  body?: object;
  user?: string;
}

const pods = '/api/v1/namespaces/default/pods';
const maps = '/api/v1/namespaces/default/configmaps';
const pod = (name: string, spec: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image: 'nginx' }], ...spec } });
const map = (name: string, resourceVersion?: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(resourceVersion && { resourceVersion }) } });

/** Requests by the stage that stops them. Names are drawn. */
const makers: Record<Stage, ((random: Random) => Asked)[]> = {
  authn: [() => ({ method: 'GET', path: pods }), () => ({ method: 'POST', path: maps, body: map('a') }), (random) => ({ method: 'DELETE', path: `${pods}/${word(random)}` })],
  authz: [
    (random) => ({ method: 'GET', path: pods, user: word(random) }),
    (random) => ({ method: 'DELETE', path: `${maps}/${word(random)}`, user: word(random) }),
    (random) => ({ method: 'POST', path: pods, body: pod(word(random)), user: word(random) }),
    (random) => ({ method: 'GET', path: '/api/v1/nodes', user: `system:serviceaccount:default:${word(random)}` }),
  ],
  admission: [
    (random) => ({ method: 'POST', path: pods, body: pod(word(random), { serviceAccountName: word(random) }) }),
    (random) => ({ method: 'POST', path: pods, body: pod(word(random), { priorityClassName: word(random) }) }),
    () => ({ method: 'DELETE', path: '/api/v1/namespaces/kube-system' }),
    (random) => ({ method: 'POST', path: `/api/v1/namespaces/${word(random)}/configmaps`, body: map(word(random)) }),
  ],
  validation: [
    (random) => ({ method: 'POST', path: pods, body: { ...pod(word(random)), spec: { containers: [] } } }),
    (random) => ({ method: 'POST', path: maps, body: map(`${word(random)}_X`) }),
    (random) => ({ method: 'POST', path: pods, body: pod(word(random), { restartPolicy: 'Sometimes' }) }),
  ],
  storage: [
    (random) => ({ method: 'GET', path: `${pods}/${word(random)}` }),
    (random) => ({ method: 'GET', path: `/api/v1/namespaces/${word(random)}` }),
    () => ({ method: 'POST', path: maps, body: map('taken') }),
    () => ({ method: 'PUT', path: `${maps}/taken`, body: map('taken', '1') }),
    (random) => ({ method: 'DELETE', path: `${maps}/${word(random)}` }),
  ],
};

const word = (random: Random) => `x${random.suffix(4)}`;

export interface Pipeline {
  /** How the server treats the owner of a token; the real one knows none. */
  tokens?: Parameters<typeof authenticate>[1];
  /** Lets everybody do everything. */
  allowAll?: boolean;
  admission?: readonly Admission[];
}

export function newServer(random: Random, { allowAll, admission }: Pipeline = {}): ApiServer {
  const server = new ApiServer({ store: new Store(), clock: new Clock(), random, version: createVersion(), bootstrapPolicy: true, ...(admission && { admission }) });
  if (allowAll) server.authorizers = [() => ({ allowed: true })];
  const make = (kind: string, name: string, namespace?: string) => server.handle({ verb: 'create', resource: server.resourceOf(kind), namespace, object: { apiVersion: 'v1', kind, metadata: { name, namespace } }, user: 'system:apiserver', userAgent: 'start' });
  for (const name of ['default', 'kube-system']) make('Namespace', name);
  make('ServiceAccount', 'default', 'default');
  make('ConfigMap', 'taken', 'default');
  return server;
}

/** Asks as whoever the request comes from: the administrator when nobody is named. */
export function ask(server: ApiServer, { user, ...request }: Asked, { stage, random, tokens }: { stage: Stage; random: Random; tokens?: Pipeline['tokens'] }): HttpResponse {
  try {
    const who = stage === 'authn' ? authenticate({ bearerToken: random.suffix(8) }, tokens) : { name: user ?? 'kubernetes-admin', groups: user ? ['system:authenticated'] : ['system:masters', 'system:authenticated'] };
    return server.http({ ...request, user: who.name, groups: who.groups });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { code: error.code, body: error.toStatus() };
  }
}

/** One request of each kind that a stage refuses. */
export const askedAt = (stage: Stage, random: Random): Asked[] => makers[stage].map((make) => make(random));

export function refusalsAt(stage: Stage, random: Random, server: ApiServer): Refusal[] {
  return askedAt(stage, random).map((asked) => {
    const { code, body } = ask(server, asked, { stage, random });
    const { reason, message } = body as { reason: string; message: string };
    return { method: asked.method, path: asked.path, code, reason, message };
  });
}
