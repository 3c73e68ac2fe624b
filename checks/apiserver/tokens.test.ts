// Tokens of service accounts and bootstrap tokens: what they say, who they make their bearer, and when they end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSignedBy, readClaims } from '../../lib/api/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/cluster/index.ts';

const issuer = 'https://kubernetes.default.svc.cluster.local';
const test = suite('tokens');

const clusterOf = (options: ClusterOptions = {}) => createCluster({ nodes: 1, ...options });
const tokens = '/api/v1/namespaces/default/serviceaccounts/default/token';

function post({ server }: Cluster, path: string, body: object): { code: number; body: any } {
  return server.http({ method: 'POST', path, contentType: 'application/json', body, user: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }) as never;
}

const request = (cluster: Cluster, spec: object = {}) => post(cluster, tokens, { spec });
const tokenOf = (cluster: Cluster, spec?: object): string => request(cluster, spec).body.status.token;
const claimsOf = (token: string) => readClaims(token)!.claims;
const review = (cluster: Cluster, token: string, audiences?: string[]) => post(cluster, '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, ...(audiences && { audiences }) } }).body.status;
const why = (cluster: Cluster, token: string) => review(cluster, token).error;
const uidOf = (cluster: Cluster) => cluster.client.get('ServiceAccount', { namespace: 'default', name: 'default' }).metadata.uid;

test('a token says whose it is, for whom and until when', () => {
  const cluster = clusterOf();
  const { code, body } = request(cluster);
  assert.is(code, 201);
  assert.equal([body.kind, body.metadata.name, body.metadata.namespace, body.metadata.creationTimestamp], ['TokenRequest', 'default', 'default', cluster.now]);
  assert.equal(body.spec, { audiences: [issuer], expirationSeconds: 3600, boundObjectRef: null });
  const now = Math.floor(Date.parse(cluster.now) / 1000);
  assert.is(Date.parse(body.status.expirationTimestamp) / 1000, now + 3600);
  const { jti, ...claims } = claimsOf(body.status.token);
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.equal(claims, { aud: [issuer], exp: now + 3600, iat: now, iss: issuer, 'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'default', uid: uidOf(cluster) } }, nbf: now, sub: 'system:serviceaccount:default:default' });
  assert.equal(Object.keys(claimsOf(body.status.token)), ['aud', 'exp', 'iat', 'iss', 'jti', 'kubernetes.io', 'nbf', 'sub']);
  assert.ok(isSignedBy(cluster.server.tokens.signer, body.status.token));
  assert.is(claimsOf(tokenOf(clusterOf({ version: 'v1.20' })))['jti'], undefined);
});

test('what a TokenRequest may not ask for', () => {
  const at = (version: string, spec: object, metadata = {}) => {
    const { code, body } = post(clusterOf({ version }), tokens, { metadata, spec });
    return [code, body.message];
  };
  const bound = (kind: string, apiVersion = 'v1') => ({ boundObjectRef: { kind, apiVersion, name: 'no' } });
  assert.equal(at('v1.33', { expirationSeconds: 5 }), [422, 'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes']);
  assert.equal(at('v1.33', { expirationSeconds: 2 ** 32 + 1 }), [422, 'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds']);
  assert.equal(at('v1.33', bound('Pod')), [404, 'pods "no" not found']);
  assert.equal(at('v1.33', bound('Node')), [404, 'nodes "no" not found']);
  assert.equal(at('v1.20', bound('Node')), [400, 'cannot bind token to object of type /v1, Kind=Node']);
  assert.equal(at('v1.20', bound('Job', 'batch/v1')), [400, 'cannot bind token to object of type batch/v1, Kind=Job']);
  assert.equal(at('v1.20', {}, { name: 'other' })[0], 201);
  assert.equal(at('v1.33', {}, { name: 'other' }), [422, 'TokenRequest.authentication.k8s.io "default" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified']);
  assert.equal(post(clusterOf(), tokens.replace('default/token', 'nope/token'), {}).body.message, 'serviceaccounts "nope" not found');
});

test('a review names the bearer, within the audiences of the token', () => {
  const cluster = clusterOf({ version: 'v1.20' });
  const user = { username: 'system:serviceaccount:default:default', uid: uidOf(cluster), groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'] };
  assert.equal(review(cluster, tokenOf(cluster)), { authenticated: true, user, audiences: [issuer] });
  const other = tokenOf(cluster, { audiences: ['x', 'y'] });
  assert.equal(review(cluster, other, ['y', 'z']), { authenticated: true, user, audiences: ['y'] });
  assert.equal(review(cluster, other), { user: {}, error: `[invalid bearer token, token audiences ["x" "y"] is invalid for the target audiences ["${issuer}"]]` });
  assert.is(why(cluster, 'nonsense'), 'invalid bearer token');
  assert.is(why(cluster, 'a.b.c'), 'invalid bearer token');
  assert.is(post(cluster, '/apis/authentication.k8s.io/v1/tokenreviews', { spec: {} }).body.message, 'token is required for TokenReview in authentication');
});

test('a changed token is nobody’s', () => {
  const cluster = clusterOf();
  const token = tokenOf(cluster);
  const [header, , signature] = token.split('.');
  const forged = [header, btoa(JSON.stringify({ ...claimsOf(token), sub: 'system:serviceaccount:kube-system:default' })).replaceAll('=', ''), signature].join('.');
  assert.is(why(cluster, forged), '[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]');
  const unsigned = [btoa(JSON.stringify({ alg: 'none' })).replaceAll('=', ''), token.split('.')[1], ''].join('.');
  assert.is(why(cluster, unsigned), '[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]');
  assert.is(why(clusterOf({ seed: 2 }), token), '[invalid bearer token, invalid signature, no keys found]');
  assert.ok(review(clusterOf(), token).error === undefined, 'the same seed has the same key');
});

test('it ends with its time, a minute later for clocks that differ', () => {
  const cluster = clusterOf();
  const token = tokenOf(cluster, { expirationSeconds: 600 });
  cluster.advance('11m');
  assert.ok(review(cluster, token).authenticated);
  cluster.advance('1s');
  assert.is(why(cluster, token), '[invalid bearer token, service account token has expired]');
});

test('it ends with its account, its pod or its secret', () => {
  const cluster = clusterOf();
  cluster.kubectl.run('run web --image=nginx');
  cluster.kubectl.run('create secret generic s');
  cluster.advance('10s');
  const bound = (kind: string, name: string) => tokenOf(cluster, { boundObjectRef: { kind, apiVersion: 'v1', name } });
  const [ofPod, ofSecret, ofNode, free] = [bound('Pod', 'web'), bound('Secret', 's'), bound('Node', 'worker-1'), tokenOf(cluster)];
  const extra = review(cluster, ofPod).user.extra;
  assert.equal(Object.keys(extra), ['credential-id', 'node-name', 'node-uid', 'pod-name', 'pod-uid'].map((name) => `authentication.kubernetes.io/${name}`));
  assert.equal(extra['authentication.kubernetes.io/credential-id'], [`JTI=${claimsOf(ofPod)['jti']}`]);
  assert.equal(claimsOf(ofPod)['kubernetes.io'].pod.name, 'web');
  for (const token of [ofPod, ofSecret, ofNode, free]) assert.ok(review(cluster, token).authenticated);
  cluster.kubectl.run('delete pod web --now');
  cluster.kubectl.run('delete secret s');
  cluster.kubectl.run('delete node worker-1');
  for (const token of [ofPod, ofSecret, ofNode]) assert.is(why(cluster, token), '[invalid bearer token, service account token has been invalidated]');
  assert.ok(review(cluster, free).authenticated);
  cluster.client.delete({ kind: 'ServiceAccount', metadata: { namespace: 'default', name: 'default' } });
  assert.is(why(cluster, free), '[invalid bearer token, serviceaccounts "default" not found]');
  cluster.settle();
  assert.match(why(cluster, free), /service account UID \(.+\) does not match claim/);
});

test('the token of a Secret has no end but the Secret’s', () => {
  const cluster = clusterOf({ version: 'v1.20' });
  const [secret] = cluster.client.list('Secret', { namespace: 'default' }).items;
  const token = atob(secret!.data!['token']!);
  assert.is(claimsOf(token)['iss'], 'kubernetes/serviceaccount');
  assert.ok(review(cluster, token).authenticated);
  cluster.kubectl.run(`delete secret ${secret!.metadata.name}`);
  assert.is(why(cluster, token), '[invalid bearer token, Token has been invalidated]');
  const later = clusterOf();
  later.kubectl.run('apply -f -', { stdin: JSON.stringify({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name: 'asked', annotations: { 'kubernetes.io/service-account.name': 'default' } } }) });
  later.advance('1s');
  assert.ok(review(later, atob(later.client.get('Secret', { namespace: 'default', name: 'asked' }).data!['token']!)).authenticated);
});

test('a container reads a token of its pod, and a new one before it ends', () => {
  const cluster = clusterOf();
  cluster.kubectl.run('run web --image=nginx');
  cluster.advance('10s');
  const read = () => cluster.kubectl.run('exec web -- cat /var/run/secrets/kubernetes.io/serviceaccount/token').stdout;
  const token = read();
  const { iat, exp, 'kubernetes.io': { pod, warnafter } } = claimsOf(token) as any;
  assert.equal([pod.name, exp - iat, warnafter - iat], ['web', 365 * 86_400, 3607]);
  assert.ok(review(cluster, token).authenticated);
  assert.is(read(), token);
  cluster.advance('50m');
  assert.is.not(read(), token);
  assert.match(cluster.kubectl.run('exec web -- cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt').stdout, /BEGIN CERTIFICATE/);
});

const bootstrapSecret = (data: Record<string, string> = {}) => ({
  kind: 'Secret',
  type: 'bootstrap.kubernetes.io/token',
  metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
  stringData: { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true', 'usage-bootstrap-signing': 'true', ...data },
});

test('a bootstrap token lets a machine in until it expires', () => {
  const cluster = clusterOf();
  const expiration = new Date(Date.parse(cluster.now) + 3_600_000).toISOString().replace('.000', '');
  cluster.client.create(bootstrapSecret({ 'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token', expiration }));
  const token = 'abcdef.0123456789abcdef';
  assert.equal(review(cluster, token).user, { username: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', 'system:authenticated'] });
  assert.is(why(cluster, 'abcdef.0123456789abcdeg'), 'invalid bearer token');
  assert.is(review(cluster, token, ['other']).error, 'invalid bearer token');
  cluster.advance('59m');
  assert.ok(review(cluster, token).authenticated);
  cluster.advance('2m');
  assert.is(why(cluster, token), 'invalid bearer token');
  assert.is(cluster.kubectl.run('get secret -n kube-system bootstrap-token-abcdef').stderr, 'Error from server (NotFound): secrets "bootstrap-token-abcdef" not found\n');
});

test('cluster-info carries a signature for each bootstrap token that signs', () => {
  const cluster = clusterOf();
  const kubeconfig = 'apiVersion: v1\nkind: Config\n';
  cluster.client.create({ kind: 'ConfigMap', metadata: { namespace: 'kube-public', name: 'cluster-info' }, data: { kubeconfig } });
  const data = () => cluster.client.get('ConfigMap', { namespace: 'kube-public', name: 'cluster-info' }).data!;
  cluster.client.create(bootstrapSecret());
  cluster.advance('1s');
  // Made with go-jose on a real control plane.
  assert.is(data()['jws-kubeconfig-abcdef'], 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..vH_kT4yiol-nrAWgjfCYqvum5wsKETXe0S7OOp1VgnE');
  cluster.kubectl.run('delete secret -n kube-system bootstrap-token-abcdef');
  cluster.advance('1s');
  assert.equal(data(), { kubeconfig });
});

test('who may learn the issuer’s keys; a shared secret shows none', () => {
  const { server } = clusterOf();
  const get = (path: string, groups: string[]) => server.http({ method: 'GET', path, user: 'somebody', groups });
  assert.equal(get('/openid/v1/jwks', ['system:serviceaccounts']), { code: 200, type: 'application/jwk-set+json', body: '{"keys":[]}', headers: { 'Cache-Control': 'public, max-age=3600' } });
  assert.is(get('/openid/v1/jwks', ['system:authenticated']).code, 403);
  assert.match(String(get('/.well-known/openid-configuration', ['system:serviceaccounts']).body), `"issuer":"${issuer}"`);
});

test('kubectl create token', () => {
  const { kubectl } = clusterOf();
  const { stdout } = kubectl.run('create token default --duration=10m --audience=a --audience=b');
  const { aud, iat, exp } = claimsOf(stdout) as any;
  assert.equal([aud, exp - iat], [['a', 'b'], 600]);
  assert.is(kubectl.run('create token nope').stderr, 'error: failed to create token: serviceaccounts "nope" not found\n');
  assert.is(kubectl.run('create token').stderr, "error: exactly one NAME is required, got 0\nSee 'kubectl create token -h' for help and examples\n");
  assert.is(kubectl.run('create token default --bound-object-kind=Job --bound-object-name=x').stderr, 'error: supported --bound-object-kind values are Node, Pod, Secret\n');
  assert.is(kubectl.run('create token default --duration=1500ms').stderr, 'error: --duration cannot be expressed in units less than seconds\n');
  assert.is(kubectl.run('create token default -o name').stdout, 'tokenrequest.authentication.k8s.io/default\n');
});

test.run();
