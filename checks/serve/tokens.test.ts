// Bearer tokens over HTTPS: who they let in, and that others can check them.
import { createPublicKey, verify } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKeys, serve, tokenSignerOf, manualTime } from '../../lib/serve/index.ts';
import { createCluster } from '../../lib/cluster/index.ts';
import { kubectls, realKubectl } from './real-kubectl.ts';
import { agentOf, ask, json, type Served, served } from './served.ts';

const test = suite<{ at: Served }>('tokens over HTTPS');
test.before(async (context) => void (context.at = await served({ nodes: 1 })));
test.after(({ at }) => at.close());

const tokenPath = '/api/v1/namespaces/default/serviceaccounts/default/token';
const issued = async ({ ask }: Served, spec: object = {}): Promise<string> => (await ask(tokenPath, json('POST', { spec }))).body.status.token;

/** A request with this token and no certificate. */
const bearing = ({ serving }: Served, path: string, token: string) => ask(serving, path, { agent: agentOf({ authority: serving.authority }), headers: { Authorization: `Bearer ${token}` } });

test('a token of a service account lets its bearer in, as that account', async ({ at }) => {
  const token = await issued(at);
  const pods = await bearing(at, '/api/v1/namespaces/default/pods', token);
  assert.equal([pods.code, pods.body.message], [403, 'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"']);
  await at.ask('/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', json('POST', { metadata: { name: 'readers' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:serviceaccounts:default' }] }));
  assert.is((await bearing(at, '/api/v1/namespaces/default/pods', token)).code, 200);
  assert.is((await bearing(at, '/api/v1/namespaces/default/pods', `${token}x`)).code, 401);
  assert.is((await bearing(at, '/api/v1/namespaces/default/pods', await issued(at, { audiences: ['other'] }))).code, 401);
});

test('anybody may check a token with the key that the issuer shows', async ({ at }) => {
  const token = await issued(at);
  const { headers, body } = await bearing(at, '/openid/v1/jwks', token);
  assert.equal([headers['content-type'], headers['cache-control']], ['application/jwk-set+json', 'public, max-age=3600']);
  const [key] = body.keys;
  const [header, payload, signature] = token.split('.');
  assert.equal(JSON.parse(Buffer.from(header!, 'base64url').toString()), { alg: 'ES256', kid: key.kid });
  assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature!, 'base64url')));
  assert.is((await bearing(at, '/.well-known/openid-configuration', token)).body.jwks_uri, `${at.serving.url}/openid/v1/jwks`);
});

test('a key that can be guessed from the seed signs nothing here', async ({ at }) => {
  const twin = createCluster({ nodes: 1 });
  const account = at.cluster.client.get('ServiceAccount', { namespace: 'default', name: 'default' });
  assert.is(twin.client.get('ServiceAccount', { namespace: 'default', name: 'default' }).metadata.uid, account.metadata.uid);
  const forged = twin.client.createToken({ namespace: 'default', name: 'default' }, {}).status.token;
  assert.is((await bearing(at, '/api', forged)).code, 401);
});

test('keys that were kept make the same server', async () => {
  const keys = await createKeys();
  const cluster = createCluster({ nodes: 0, version: 'v1.20', pki: { rootCA: keys.authority.cert, tokenSigner: tokenSignerOf(keys) } });
  const [secret] = cluster.client.list('Secret', { namespace: 'default' }).items;
  const [token, ca] = ['token', 'ca.crt'].map((key) => atob(secret!.data![key]!));
  for (let start = 0; start < 2; start++) {
    const serving = await serve(cluster, { port: 0, time: manualTime(cluster), keys });
    assert.is(ca, serving.authority);
    assert.is((await bearing({ serving } as Served, '/api', token!)).code, 200);
    await serving.close();
  }
});

for (const { name, path } of kubectls) {
  test(`kubectl ${name} create token, --token and auth whoami`, async ({ at }) => {
    const kubectl = realKubectl(path, at.serving);
    const { code, stdout, stderr } = await kubectl.run('create token default --duration=10m');
    assert.is(code, 0, stderr);
    // Without the certificate of the kubeconfig.
    const without = await kubectl.run(`--kubeconfig=/dev/null --server=${at.serving.url} --insecure-skip-tls-verify --token=${stdout.trim()} auth can-i list pods`);
    assert.is(without.stdout, 'yes\n', without.stderr);
    assert.is((await kubectl.run('create token nope')).stderr, 'error: failed to create token: serviceaccounts "nope" not found\n');
    if (name === 'v1.25') return;
    const who = await kubectl.run(`--kubeconfig=/dev/null --server=${at.serving.url} --insecure-skip-tls-verify --token=${stdout.trim()} auth whoami`);
    assert.match(who.stdout, /Username +system:serviceaccount:default:default\nUID +\S+\nGroups +\[system:serviceaccounts system:serviceaccounts:default system:authenticated\]\nExtra: authentication.kubernetes.io\/credential-id +\[JTI=/);
  });
}

test('nothing went wrong inside', ({ at }) => assert.equal(at.errors, []));
test.run();
