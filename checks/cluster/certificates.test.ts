// CertificateSigningRequests: who may have a say in them, what is signed, what is approved by itself, what is cleared away.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/cluster/index.ts';
import { requestFor, signingRequest } from '../certificate-requests.ts';

const test = suite('certificates');
const small = (options: ClusterOptions = {}) => createCluster({ nodes: 0, ...options });
const kubelet = ['digital signature', 'key encipherment', 'client auth'];
const { request: jane } = await requestFor({ subject: 'CN=jane,O=team-a' });
const { request: node } = await requestFor({ subject: 'O=system:nodes,CN=system:node:worker-9' });

const found = ({ client }: Cluster, name: string) => client.list('CertificateSigningRequest').items.find(({ metadata }) => metadata.name === name);
const conditions = (cluster: Cluster, name: string) => found(cluster, name)?.status?.conditions?.map(({ type, reason, message }: Record<string, string>) => [type, reason, message]);
const issued = (cluster: Cluster, name: string) => Boolean(found(cluster, name)?.status?.certificate);
const words = (cluster: Cluster, name: string) => JSON.parse(atob(atob(found(cluster, name)!.status.certificate).replace(/-----[A-Z ]+-----|\s/g, '')));

test('kubectl certificate approve: the signer signs, and the request says so', async () => {
  const cluster = small();
  const { kubectl, client } = cluster;
  client.create(signingRequest('jane', jane));
  client.create(signingRequest('joe', jane));
  cluster.advance('1s');
  assert.is(found(cluster, 'jane')!.status.conditions, undefined);
  assert.equal([found(cluster, 'jane')!.spec.username, found(cluster, 'jane')!.spec.groups], ['kubernetes-admin', ['system:masters', 'system:authenticated']]);
  assert.is(await kubectl.text`certificate approve jane`, 'certificatesigningrequest.certificates.k8s.io/jane approved\n');
  assert.is(await kubectl.text`certificate deny joe`, 'certificatesigningrequest.certificates.k8s.io/joe denied\n');
  cluster.advance('1s');
  assert.equal(conditions(cluster, 'jane'), [['Approved', 'KubectlApprove', 'This CSR was approved by kubectl certificate approve.']]);
  assert.equal(conditions(cluster, 'joe'), [['Denied', 'KubectlDeny', 'This CSR was denied by kubectl certificate deny.']]);
  assert.equal([issued(cluster, 'jane'), issued(cluster, 'joe')], [true, false]);
  assert.equal([words(cluster, 'jane').subject, words(cluster, 'jane').usages], [{ CN: ['jane'], O: ['team-a'] }, ['client auth']]);
  assert.match(await kubectl.text`get csr`, /jane +\d+s +kubernetes.io\/kube-apiserver-client +kubernetes-admin +<none> +Approved,Issued\njoe .* Denied\n/);
  assert.match((await kubectl.text`certificate deny jane`), 'error: certificate signing request "jane" is already Approved');
  assert.match((await kubectl.text`certificate approve nobody`), 'Error from server (NotFound): certificatesigningrequests.certificates.k8s.io "nobody" not found');
  assert.match((await kubectl.text`certificate approve`), 'error: one or more CSRs must be specified as <name> or -f <filename>');
  assert.equal(cluster.problems, []);
});

test('a certificate lasts a year, or as long as was asked for', () => {
  const lifetimes = (version: string, expirationSeconds?: number) => {
    const cluster = small({ version });
    const csr = cluster.client.create(signingRequest('jane', jane, { expirationSeconds }));
    cluster.client.update({ ...csr, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test', message: '' }] } }, { subresource: 'approval' });
    const begin = Date.parse(cluster.now);
    cluster.advance('1s');
    const { notBefore, notAfter } = words(cluster, 'jane');
    return [notBefore, notAfter].map((time) => Math.round((Date.parse(time) - begin) / 60_000));
  };
  const year = 365 * 24 * 60;
  assert.equal(lifetimes('v1.20'), [-5, year - 5]);
  assert.equal(lifetimes('v1.33'), [-5, year - 5]);
  assert.equal(lifetimes('v1.33', 3600), [-5, 60]);
  assert.equal(lifetimes('v1.33', 86_400), [-5, 24 * 60 - 5]);
});

test('each signer takes only what it is for', async () => {
  const cluster = small();
  const { client } = cluster;
  const { request: serving } = await requestFor({ subject: 'O=system:nodes,CN=system:node:worker-9', dns: ['worker-9'], ips: ['10.0.0.19'] });
  const { request: mailing } = await requestFor({ subject: 'O=system:nodes,CN=system:node:worker-9', dns: ['worker-9'], emails: ['a@b.c'] });
  const server = ['digital signature', 'key encipherment', 'server auth'];
  const failed = (message: string) => ['Failed', 'SignerValidationFailure', message];
  const cases: [request: string, signer: string, usages: string[], why?: string][] = [
    [jane, 'kube-apiserver-client', ['client auth', 'digital signature']],
    [jane, 'kube-apiserver-client', ['server auth', 'client auth'], 'invalid usage for client certificate: server auth'],
    [jane, 'kube-apiserver-client', ['digital signature'], 'missing required usage for client certificate: client auth'],
    [node, 'kube-apiserver-client-kubelet', kubelet],
    [jane, 'kube-apiserver-client-kubelet', kubelet, 'subject organization is not system:nodes'],
    [serving, 'kube-apiserver-client-kubelet', kubelet, 'DNS subjectAltNames are not allowed'],
    [node, 'kube-apiserver-client-kubelet', ['client auth'], 'usages did not match [client auth digital signature key encipherment]'],
    [serving, 'kubelet-serving', server],
    [node, 'kubelet-serving', server, 'DNS or IP subjectAltName is required'],
    [mailing, 'kubelet-serving', server, 'Email subjectAltNames are not allowed'],
    [serving, 'kubelet-serving', kubelet, 'usages did not match [digital signature key encipherment server auth]'],
  ];
  cases.forEach(([request, signer, usages], i) => {
    const csr = client.create(signingRequest(`csr-${i}`, request, { signerName: `kubernetes.io/${signer}`, usages }));
    client.update({ ...csr, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test', message: '' }] } }, { subresource: 'approval' });
  });
  client.create(signingRequest('other', jane, { signerName: 'example.com/own' }));
  await cluster.kubectl.text`certificate approve other`;
  cluster.advance('1s');
  cases.forEach(([, , , why], i) => {
    assert.equal(conditions(cluster, `csr-${i}`)?.slice(1), why === undefined ? [] : [failed(why)], `csr-${i}`);
    assert.is(issued(cluster, `csr-${i}`), why === undefined, `csr-${i}`);
  });
  assert.is(issued(cluster, 'other'), false);
  assert.equal(cluster.problems, []);
});

test('whoever may approve may do so for some signers only; nobody becomes a master by a certificate', async () => {
  const cluster = small();
  const { kubectl, client } = cluster;
  client.create(signingRequest('jane', jane));
  client.create(signingRequest('other', jane, { signerName: 'example.com/own' }));
  await kubectl.text`create clusterrole approver --verb=get,update --resource=certificatesigningrequests,certificatesigningrequests/approval`;
  client.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'own-signers' }, rules: [{ apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['example.com/*'], verbs: ['approve'] }] });
  await kubectl.text`create clusterrolebinding approver --clusterrole=approver --user=ann`;
  await kubectl.text`create clusterrolebinding own-signers --clusterrole=own-signers --user=ann`;
  assert.match((await kubectl.text`certificate approve jane --as=ann`), 'Error from server (Forbidden): certificatesigningrequests.certificates.k8s.io "jane" is forbidden: user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"');
  assert.is(await kubectl.text`certificate approve other --as=ann`, 'certificatesigningrequest.certificates.k8s.io/other approved\n');
  const { request: master } = await requestFor({ subject: 'CN=ann,O=system:masters' });
  assert.throws(() => client.create(signingRequest('master', master)), /certificatesigningrequests.certificates.k8s.io "master" is forbidden: use of kubernetes.io\/kube-apiserver-client signer with system:masters group is not allowed/);
});

test('certificates of kubelets are approved by themselves where the asking user may have them', async () => {
  const cluster = small();
  const { client } = cluster;
  const asked = (name: string, user: string, groups: string[]) => cluster.server.http({ method: 'POST', path: '/apis/certificates.k8s.io/v1/certificatesigningrequests', user, groups: [...groups, 'system:authenticated'], contentType: 'application/json', body: signingRequest(name, node, { signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: kubelet }) });
  const bound = (name: string, role: string, group: string) => client.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }] });
  // As kubeadm binds them.
  bound('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', 'system:bootstrappers:kubeadm:default-node-token');
  assert.is(asked('joining', 'system:bootstrap:abcdef', ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token']).code, 201);
  cluster.advance('5s');
  assert.is(conditions(cluster, 'joining'), undefined);
  bound('kubeadm:node-autoapprove-bootstrap', 'system:certificates.k8s.io:certificatesigningrequests:nodeclient', 'system:bootstrappers:kubeadm:default-node-token');
  cluster.advance('10s');
  assert.equal(conditions(cluster, 'joining'), [['Approved', 'AutoApproved', 'Auto approving kubelet client certificate after SubjectAccessReview.']]);
  assert.ok(issued(cluster, 'joining'));
  bound('kubeadm:node-autoapprove-certificate-rotation', 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'system:nodes');
  assert.is(asked('renewing', 'system:node:worker-9', ['system:nodes']).code, 201);
  cluster.advance('1s');
  assert.equal(conditions(cluster, 'renewing'), [['Approved', 'AutoApproved', 'Auto approving self kubelet client certificate after SubjectAccessReview.']]);
  assert.equal(cluster.problems, []);
});

test('requests are cleared away an hour after the answer, a day after nobody answered', async () => {
  const cluster = small();
  const { kubectl, client } = cluster;
  for (const name of ['approved', 'denied', 'forgotten', 'unsigned']) client.create(signingRequest(name, jane, name === 'unsigned' ? { signerName: 'example.com/own' } : {}));
  await kubectl.text`certificate approve approved unsigned`;
  await kubectl.text`certificate deny denied`;
  const names = () => client.list('CertificateSigningRequest').items.map(({ metadata }) => metadata.name);
  cluster.advance('59m');
  assert.equal(names(), ['approved', 'denied', 'forgotten', 'unsigned']);
  cluster.advance('2h');
  assert.equal(names(), ['forgotten', 'unsigned']);
  cluster.advance('20h');
  assert.equal(names(), ['forgotten', 'unsigned']);
  cluster.advance('3h');
  assert.equal(names(), ['unsigned']);
});

test('the signer of old takes all, through v1beta1 only', () => {
  const cluster = small({ version: 'v1.20' });
  const created = cluster.server.http({ method: 'POST', path: '/apis/certificates.k8s.io/v1beta1/certificatesigningrequests', contentType: 'application/json', body: { metadata: { name: 'old' }, spec: { request: jane } } });
  assert.is(created.code, 201);
  const csr = found(cluster, 'old')!;
  assert.equal([csr.spec.signerName, csr.spec.usages], ['kubernetes.io/legacy-unknown', ['digital signature', 'key encipherment']]);
  cluster.client.update({ ...csr, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test', message: '' }] } }, { subresource: 'approval' });
  cluster.advance('1s');
  assert.ok(issued(cluster, 'old'));
  assert.equal(cluster.problems, []);
});

test('what is no request is refused', () => {
  const cluster = small();
  const why = (text: string) => {
    try {
      cluster.client.create(signingRequest('bad', btoa(text)));
    } catch (error) {
      return (error as Error).message.replace(/^.*}: /s, '');
    }
    return 'taken';
  };
  const block = (bytes: string, type = 'CERTIFICATE REQUEST') => `-----BEGIN ${type}-----\n${btoa(bytes)}\n-----END ${type}-----\n`;
  assert.is(why('hello'), 'PEM block type must be CERTIFICATE REQUEST');
  assert.is(why(block('0', 'CERTIFICATE')), 'PEM block type must be CERTIFICATE REQUEST');
  assert.is(why(block('\x30\x05\x00')), 'asn1: syntax error: data truncated');
  assert.is(why(block('\x30\x00x')), 'asn1: syntax error: trailing data');
});

test.run();
