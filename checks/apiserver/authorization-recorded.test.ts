// What a real API server said of random roles, bindings and requests (authorization/record.mjs), asked again here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { ApiServer, attributesOfPath, impliedGroups } from '../../lib/apiserver/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { Clock, createRandom } from '../../lib/sim/index.ts';

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'authorization/recorded.json'), 'utf8'));
const plurals: Record<string, string> = { Role: 'roles', ClusterRole: 'clusterroles', RoleBinding: 'rolebindings', ClusterRoleBinding: 'clusterrolebindings' };
const masters = ['system:masters', 'system:authenticated'];

const server = new ApiServer({ store: new Store(), clock: new Clock(), random: createRandom('recorded'), version: createVersion('v1.20'), bootstrapPolicy: true });

/** As the real server answers: first whether the user may, then whether he gives away more than he has. */
function post(path: string, body: object, user = 'root', groups = masters) {
  return server.http({ method: 'POST', path, body: structuredClone(body), user, groups });
}

function create(object: any, user?: string, groups?: string[]) {
  const { namespace } = object.metadata;
  return post(`/apis/rbac.authorization.k8s.io/v1${namespace ? `/namespaces/${namespace}` : ''}/${plurals[object.kind]}`, { apiVersion: 'rbac.authorization.k8s.io/v1', ...object }, user, groups);
}

for (const name of ['kube-system', 'rec-a', 'rec-b']) post('/api/v1/namespaces', { metadata: { name } });
for (const object of recorded.objects) assert.is(create(object).code, 201, JSON.stringify(object));

test('SubjectAccessReviews: allowed or not, and why', () => {
  const wrong = recorded.reviews.filter(({ spec, status }: any) => {
    const { body } = post('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec }) as any;
    return JSON.stringify(body.status) !== JSON.stringify(status) && (console.error(JSON.stringify(spec), body.status, status), true);
  });
  assert.is(recorded.reviews.length, 500);
  assert.is(wrong.length, 0);
});

/** Bindings come out of a Go map there, in any order. */
const sorted = ({ resourceRules, nonResourceRules, ...rest }: any) => {
  const texts = (rules: any[]) => rules.map((rule) => JSON.stringify(Object.entries(rule).sort())).sort();
  return { ...rest, resourceRules: texts(resourceRules), nonResourceRules: texts(nonResourceRules) };
};

test('SelfSubjectRulesReviews list the same rules', () => {
  for (const { user, groups, namespace, status } of recorded.rules) {
    const { body } = post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace } }, user, impliedGroups(user, groups)) as any;
    assert.equal(sorted(body.status), sorted(status), `${user} in ${namespace}`);
  }
});

test('requests that are refused, in the same words', () => {
  for (const { method, path, code, body } of recorded.requests) {
    const user = { name: 'bob', groups: ['system:authenticated'] };
    assert.is(code, 403);
    try {
      server.authorizer.check(user, attributesOfPath(method, path));
      assert.unreachable(path);
    } catch (error: any) {
      assert.equal(error.toStatus?.() ?? error, body);
    }
  }
});

test('nobody gives away more than he has, and is told what he lacks', () => {
  for (const object of recorded.writers) create(object);
  for (const { user, object, code, body } of recorded.attempts) {
    const answer = create(object, user, ['system:authenticated']);
    assert.is(answer.code, code, JSON.stringify(answer.body));
    if (body) assert.equal(answer.body, body);
  }
  assert.ok(recorded.attempts.length > 30);
});

test('a node may do what its own node, its lease and its pods need (authorization/record-node.mjs)', () => {
  const { setup, requests } = JSON.parse(readFileSync(join(import.meta.dirname, 'authorization/node.json'), 'utf8'));
  for (const name of ['default', 'kube-node-lease']) post('/api/v1/namespaces', { metadata: { name } });
  post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const send = ([method, path, body]: any, user: string, groups: string[]) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return server.http({ method, path, body: structuredClone(body), contentType, user, groups });
  };
  for (const request of setup) assert.is(send(request, 'root', masters).code, 201, request[1]);
  const node = { name: 'system:node:w1', groups: ['system:nodes', 'system:authenticated'] };
  for (const { request, code, message } of requests) {
    const { allowed, reason } = server.authorizer.authorize(node, attributesOfPath(request[0], request[1]));
    const answer = allowed ? send(request, node.name, node.groups) : serveRefusal(request, node);
    assert.is(answer.code, code, `${request[0]} ${request[1]} ${reason}`);
    const plain = (text: string) => text.replace(/ got \S+$/, ' got <uid>');
    if (message) assert.is(plain((answer.body as { message: string }).message), plain(message));
  }
  assert.ok(requests.length > 45);
});

/** What the server that listens answers without handling the request. */
function serveRefusal([method, path]: [string, string], user: { name: string; groups: string[] }) {
  try {
    server.authorizer.check(user, attributesOfPath(method, path));
  } catch (error: any) {
    return { code: error.code, body: error.toStatus() };
  }
  return { code: 200, body: {} };
}

test.run();
