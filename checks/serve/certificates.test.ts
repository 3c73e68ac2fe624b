// Certificates that are asked for over HTTPS: real ones, which let their owners in.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requestFor, signingRequest } from '../certificate-requests.ts';
import { kubectls, realKubectl } from './real-kubectl.ts';
import { agentOf, ask, json, type Served, served } from './served.ts';

const test = suite<{ at: Served }>('certificates over HTTPS');
// TLS looks at the real clock.
test.before(async (context) => void (context.at = await served({ nodes: 1, start: Date.now() })));
test.after(({ at }) => at.close());

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const approval = { type: 'Approved', status: 'True', reason: 'Test', message: '' };

/** The certificate, PEM, once it has been approved and signed. */
async function issued({ ask, advance }: Served, csr: ReturnType<typeof signingRequest>): Promise<string> {
  const { name } = csr.metadata;
  const created = await ask(path, json('POST', csr));
  assert.is(created.code, 201, created.text);
  await ask(`${path}/${name}/approval`, json('PUT', { ...created.body, status: { conditions: [approval] } }));
  advance('1s');
  return atob((await ask(`${path}/${name}`)).body.status.certificate);
}

for (const kind of ['ecdsa', 'rsa'] as const) {
  test(`a certificate for a key of ${kind} lets its owner in`, async ({ at }) => {
    const { request, key } = await requestFor({ subject: `CN=jane-${kind},O=team-a,O=team-b`, key: kind });
    const cert = await issued(at, signingRequest(`jane-${kind}`, request));
    const parsed = new X509Certificate(cert);
    assert.ok(parsed.verify(new X509Certificate(at.serving.authority).publicKey));
    assert.ok(parsed.checkPrivateKey(createPrivateKey(key)));
    assert.equal([parsed.issuer, parsed.ca, parsed.keyUsage], ['CN=kubernetes', false, ['1.3.6.1.5.5.7.3.2']]);
    const agent = agentOf({ authority: at.serving.authority, client: { cert, key } });
    const pods = await ask(at.serving, '/api/v1/namespaces/default/pods', { agent });
    assert.equal([pods.code, pods.body.message], [403, `pods is forbidden: User "jane-${kind}" cannot list resource "pods" in API group "" in the namespace "default"`]);
    await at.ask('/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', json('POST', { metadata: { name: `readers-${kind}` }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team-b' }] }));
    assert.is((await ask(at.serving, '/api/v1/namespaces/default/pods', { agent })).code, 200);
    agent.destroy();
    await at.ask(`/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings/readers-${kind}`, { method: 'DELETE' });
  });
}

test('a certificate of a kubelet that serves has its names and addresses', async ({ at }) => {
  const { request } = await requestFor({ subject: 'O=system:nodes,CN=system:node:worker-1', dns: ['worker-1'], ips: ['10.0.0.11', 'fd00::11'] });
  const parsed = new X509Certificate(await issued(at, signingRequest('serving', request, { signerName: 'kubernetes.io/kubelet-serving', usages: ['digital signature', 'key encipherment', 'server auth'] })));
  assert.is(parsed.subjectAltName, 'DNS:worker-1, IP Address:10.0.0.11, IP Address:FD00:0:0:0:0:0:0:11');
  assert.equal(parsed.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

test('who asks must have the key', async ({ at }) => {
  const { request } = await requestFor({ subject: 'CN=jane' });
  const der = Buffer.from(atob(request).replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  der[der.indexOf('jane') + 3] = 'f'.charCodeAt(0);
  const forged = btoa(`-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`);
  const { code, body } = await at.ask(path, json('POST', signingRequest('forged', forged)));
  assert.is(code, 422);
  assert.match(body.message, /^CertificateSigningRequest.certificates.k8s.io "forged" is invalid: spec.request: Invalid value: .*: x509: ECDSA verification failure$/);
});

for (const { name, path } of kubectls) {
  test(`kubectl ${name}: a person asks, another approves, and the certificate is a user of a kubeconfig`, async ({ at }) => {
    const kubectl = realKubectl(path, at.serving);
    const user = `ann-${name.replace('.', '-')}`;
    const { request, key } = await requestFor({ subject: `CN=${user},O=team-a` });
    writeFileSync(join(kubectl.home, 'csr.json'), JSON.stringify(signingRequest(user, request)));
    writeFileSync(join(kubectl.home, 'ann.key'), key);
    assert.is((await kubectl.run('apply -f csr.json')).code, 0);
    assert.is((await kubectl.run(`certificate approve ${user}`)).stdout, `certificatesigningrequest.certificates.k8s.io/${user} approved\n`);
    assert.is((await kubectl.run(`certificate deny ${user}`)).stderr, `error: certificate signing request "${user}" is already Approved\n`);
    at.advance('1s');
    const { stdout } = await kubectl.run(`get csr ${user} -o jsonpath={.status.certificate}`);
    writeFileSync(join(kubectl.home, 'ann.crt'), atob(stdout));
    assert.is((await kubectl.run(`config set-credentials ann --client-certificate=ann.crt --client-key=ann.key`)).code, 0);
    assert.is((await kubectl.run('--user=ann auth can-i list pods')).stdout, 'no\n');
    await kubectl.run(`create rolebinding ${user} --clusterrole=view --user=${user}`);
    assert.is((await kubectl.run('--user=ann auth can-i list pods')).stdout, 'yes\n');
    if (name !== 'v1.25') assert.match((await kubectl.run('--user=ann auth whoami')).stdout, new RegExp(`Username +${user}\nGroups +\\[team-a system:authenticated\\]`));
  });
}

test('nothing went wrong inside', ({ at }) => assert.equal([...at.errors, ...at.cluster.problems], []));
test.run();
