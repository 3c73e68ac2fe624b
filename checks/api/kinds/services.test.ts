import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../../lib/api/index.ts';
import { freshServer } from '../../oracle/api/server.ts';

const path = '/api/v1/namespaces/default/services';

function serverOf(release: string) {
  const { send } = freshServer(createVersion(release));
  const create = (name: string, spec: object) => send({ method: 'POST', path, body: { metadata: { name }, spec } }) as { code: number; body: any };
  const merge = (name: string, spec: object) => send({ method: 'PATCH', path: `${path}/${name}`, contentType: 'application/merge-patch+json', body: { spec } }) as { code: number; body: any };
  const put = (name: string, spec: object) => send({ method: 'PUT', path: `${path}/${name}`, body: { metadata: { name }, spec } }) as { code: number; body: any };
  return { create, merge, put };
}
const ports = [{ port: 80 }];

test('what a Service gets by default grew with the releases', () => {
  const { spec } = serverOf('v1.33').create('web', { ports }).body;
  assert.is(spec.internalTrafficPolicy, 'Cluster');
  assert.equal([spec.ipFamilies, spec.ipFamilyPolicy], [['IPv4'], 'SingleStack']);
  const { spec: old } = serverOf('v1.20').create('web', { ports }).body;
  assert.equal(Object.keys(old).sort(), ['clusterIP', 'clusterIPs', 'ports', 'sessionAffinity', 'type']);
});

test('a node port is shared by the protocols of one port, and free again after a change of type', () => {
  const { create, merge } = serverOf('v1.33');
  const dns = create('dns', { type: 'NodePort', ports: [{ name: 'tcp', port: 53 }, { name: 'udp', port: 53, protocol: 'UDP' }] }).body;
  const [tcp, udp] = dns.spec.ports;
  assert.is(tcp.nodePort, udp.nodePort);
  const taken = create('other', { type: 'NodePort', ports: [{ port: 80, nodePort: tcp.nodePort }] });
  assert.match(taken.body.message, 'provided port is already allocated');
  assert.is(merge('dns', { type: 'ClusterIP' }).body.spec.ports[0].nodePort, undefined);
  assert.is(create('other', { type: 'NodePort', ports: [{ port: 80, nodePort: tcp.nodePort }] }).code, 201);
});

test('an ExternalName has no address, and gets one when it becomes something else', () => {
  const { create, merge } = serverOf('v1.33');
  create('db', { ports });
  const external = merge('db', { type: 'ExternalName', externalName: 'db.example.com' }).body.spec;
  assert.equal([external.clusterIP, external.clusterIPs, external.ipFamilies], [undefined, undefined, undefined]);
  assert.match(merge('db', { type: 'ClusterIP', externalName: null }).body.spec.clusterIP, /^10\.96\./);
});

test('a PUT without the address: refused once, kept today', () => {
  const old = serverOf('v1.20');
  old.create('web', { ports });
  assert.match(old.put('web', { ports }).body.message, 'metadata.resourceVersion: Invalid value: "": must be specified for an update');
  const now = serverOf('v1.33');
  const { clusterIP } = now.create('web', { ports }).body.spec;
  assert.is(now.put('web', { ports: [{ port: 81 }] }).body.spec.clusterIP, clusterIP);
});

test('fields that contradict each other', () => {
  const { create } = serverOf('v1.20');
  const message = (spec: object) => create('web', spec).body.message;
  assert.match(message({ ports, externalTrafficPolicy: 'Local' }), 'ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service');
  assert.match(message({ ports, clusterIP: '10.96.0.7', type: 'ExternalName', externalName: 'a.b' }), 'spec.clusterIPs: Forbidden: may not be set for ExternalName services');
  assert.match(message({ ports: [{ name: 'a', port: 1 }, { name: 'b', port: 2, protocol: 'UDP' }], type: 'LoadBalancer' }), "may not contain more than 1 protocol when type is 'LoadBalancer'");
  assert.match(message({ ports, externalIPs: ['169.254.1.1'] }), 'may not be in the link-local range (169.254.0.0/16)');
  assert.match(message({ ports: [{ port: 80 }, { port: 81 }] }), '[spec.ports[0].name: Required value, spec.ports[1].name: Required value]');
});

test.run();
