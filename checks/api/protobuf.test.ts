import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';
import { createVersion, decode, decodeProtobuf, encodeProtobuf, encodeWatchEvent, groupVersionOf, hasProtobuf, type KubeObject, notFound, type Resource, resourcesOf, StatusError } from '../../lib/api/index.ts';
import numbersOfTypes from '../../lib/api/protobuf/numbers.json' with { type: 'json' };
import schema from '../../lib/api/schema/schema.json' with { type: 'json' };

const bytes = (hex: string) => Uint8Array.from(hex.match(/[\da-f]{2}/g)!, (pair) => Number.parseInt(pair, 16));

/** What kubectl 1.32 sends for `create deployment web --image=nginx --replicas=2`. */
const deployment = bytes(`
  6b 38 73 00 0a 15 0a 07 61 70 70 73 2f 76 31 12 0a 44 65 70 6c 6f 79 6d 65 6e 74 12 ab 01 0a 1f
  0a 03 77 65 62 12 00 1a 00 22 00 2a 00 32 00 38 00 42 00 5a 0a 0a 03 61 70 70 12 03 77 65 62 12
  7a 08 02 12 0c 0a 0a 0a 03 61 70 70 12 03 77 65 62 1a 60 0a 1c 0a 00 12 00 1a 00 22 00 2a 00 32
  00 38 00 42 00 5a 0a 0a 03 61 70 70 12 03 77 65 62 12 40 12 22 0a 05 6e 67 69 6e 78 12 05 6e 67
  69 6e 78 2a 00 42 00 6a 00 72 00 80 01 00 88 01 00 90 01 00 a2 01 00 1a 00 32 00 42 00 4a 00 52
  00 58 00 60 00 68 00 82 01 00 8a 01 00 9a 01 00 c2 01 00 22 02 0a 00 28 00 38 00 1a 0c 08 00 10
  00 18 00 20 00 28 00 38 00 1a 00 22 00`);

/** The wire, by hand: fields of a message. */
const field = (number: number, value: number[] | string) => {
  const content = typeof value === 'string' ? [...new TextEncoder().encode(value)] : value;
  return [(number << 3) | 2, content.length, ...content];
};
const envelope = (apiVersion: string, kind: string, raw: number[]) => Uint8Array.from([0x6b, 0x38, 0x73, 0, ...field(1, [...field(1, apiVersion), ...field(2, kind)]), ...field(2, raw)]);
const refusal = (data: Uint8Array): string => {
  try {
    decodeProtobuf(data);
    return 'accepted';
  } catch (error) {
    return (error as StatusError).message;
  }
};

test('what kubectl sends', () => {
  const { apiVersion, kind, metadata, spec } = decodeProtobuf(deployment) as any;
  assert.equal([apiVersion, kind, metadata.name, metadata.labels, metadata.creationTimestamp], ['apps/v1', 'Deployment', 'web', { app: 'web' }, undefined]);
  assert.equal([spec.replicas, spec.selector], [2, { matchLabels: { app: 'web' } }]);
  const { name, image } = spec.template.spec.containers[0];
  assert.equal([name, image, spec.template.metadata.labels], ['nginx', 'nginx', { app: 'web' }]);
});

test('small messages that JSON writes as one value, embedded ones, bytes', () => {
  const quantity = (text: string) => field(1, text);
  const entry = (key: string, value: number[]) => [...field(1, key), ...field(2, value)];
  const limits = field(1, entry('cpu', quantity('500m')));
  const probe = field(1, field(2, [...field(1, '/'), ...field(2, [...[0x08, 1], ...field(3, 'http')])]));
  const container = [...field(1, 'c'), ...field(8, limits), ...field(10, probe)];
  const volume = [...field(1, 'v'), ...field(2, field(2, [...field(1, 'Memory')]))];
  const pod = decodeProtobuf(envelope('v1', 'Pod', field(2, [...field(1, volume), ...field(2, container)]))) as any;
  assert.equal(pod.spec.containers, [{ name: 'c', resources: { limits: { cpu: '500m' } }, livenessProbe: { httpGet: { path: '/', port: 'http' } } }]);
  assert.equal(pod.spec.volumes, [{ name: 'v', emptyDir: { medium: 'Memory' } }]);
  const secret = decodeProtobuf(envelope('v1', 'Secret', field(2, [...field(1, 'a'), ...field(2, [0, 255])]))) as any;
  assert.equal(secret.data, { a: 'AP8=' });
  const event = decodeProtobuf(envelope('v1', 'Event', [...field(6, [0x08, 60]), ...field(7, [])])) as any;
  assert.equal([event.firstTimestamp, event.lastTimestamp], ['1970-01-01T00:01:00Z', undefined]);
});

test('names that protobuf writes otherwise', () => {
  const hook = [...field(1, 'a.example.com'), ...field(3, [...field(1, 'CREATE'), ...field(2, [...field(1, ''), ...field(3, 'pods')])])];
  const { webhooks } = decodeProtobuf(envelope('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', field(2, hook))) as any;
  assert.equal(webhooks, [{ name: 'a.example.com', rules: [{ operations: ['CREATE'], apiGroups: [''], resources: ['pods'] }] }]);
});

/** Never in the protobuf of a release that we answer for: an alpha field that went, and Tables. */
const unnumbered = ['core/v1.PodResourceClaim.source'];
const noMessage = ['core/v1.ClaimSource', 'meta/v1.Table', 'meta/v1.TableColumnDefinition', 'meta/v1.TableRow', 'meta/v1.TableRowCondition'];

test('every field of a type that protobuf has can be read', () => {
  const numbers = numbersOfTypes as Record<string, string>;
  const known = (type: string): string[] => (numbers[type] ?? '').split(' ').flatMap((pair) => (pair.startsWith('>') ? known(pair.slice(1).split(':')[0]!) : [pair.split(':')[0]!]));
  const types = Object.entries(schema.types as Record<string, string>);
  const without = types.filter(([type, line]) => line !== '' && !type.endsWith('List') && !(type in numbers)).map(([type]) => type);
  assert.equal(without, noMessage);
  const missing = types.flatMap(([type, line]) => {
    if (!(type in numbers)) return [];
    const names = line.split(' ').map((pair) => pair.split(':')[0]!).filter((name) => name && !['apiVersion', 'kind'].includes(name));
    return names.filter((name) => !known(type).includes(name)).map((name) => `${type}.${name}`);
  });
  assert.equal(missing, unnumbered);
});

test('what is no object is refused', () => {
  assert.match(refusal(bytes('7b 7d')), 'expected prefix [107 56 115 0]');
  assert.match(refusal(envelope('v1', 'Nothing', [])), 'no kind "Nothing" is registered for version "v1"');
  assert.is(refusal(deployment.slice(0, 80)), 'proto: unexpected EOF');
  assert.is(refusal(envelope('v1', 'Pod', [0x0f])), 'proto: illegal wireType 7');
  for (let end = 0; end < deployment.length; end++) assert.not.throws(() => refusal(deployment.slice(0, end)));
});

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

test('what is written is what Go writes: the same bytes', () => {
  assert.is(hex(encodeProtobuf(decodeProtobuf(deployment), createVersion('v1.33'))), hex(deployment));
});

test('every object of a cluster comes back as it was', () => {
  const { server } = createCluster({ nodes: 2 });
  const kinds = resourcesOf(server.version).filter((one) => !one.transient && !one.discoveryOnly && hasProtobuf(groupVersionOf(one, one.versions[0]!.version), one.kind));
  const objects = kinds.flatMap((one) => server.list(one, undefined).items as KubeObject[]);
  assert.ok(objects.length > 100);
  for (const object of objects) {
    const { apiVersion, kind } = object;
    const back = decode(apiVersion, kind, decodeProtobuf(encodeProtobuf(object, server.version)), { version: server.version }).object;
    assert.equal(filled(back), filled(decode(apiVersion, kind, object).object), `${kind} ${object.metadata.name}`);
  }
});

/** Without the structs that are empty, which JSON may leave out and protobuf never does. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, filled(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !(typeof inner === 'object' && inner !== null && !Array.isArray(inner) && Object.keys(inner).length === 0)));
}

test('schemas of custom kinds: what JSON writes in several ways', () => {
  const schema = { type: 'object', properties: { a: { type: 'array', items: { type: 'string', default: 'x' } }, b: { type: 'object', additionalProperties: { type: 'integer', minimum: 0.5 } }, c: { 'x-kubernetes-int-or-string': true, enum: [1, 'a'] } } };
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'x' }, spec: { group: 'g', versions: [{ name: 'v1', schema: { openAPIV3Schema: schema } }] } };
  const { spec } = decodeProtobuf(encodeProtobuf(definition, createVersion())) as any;
  const read = decode(definition.apiVersion, definition.kind, { ...definition, spec }).object.spec.versions[0] as any;
  assert.equal(filled(read.schema.openAPIV3Schema), schema);
});

test('lists, refusals, events of a watch', () => {
  const version = createVersion('v1.20');
  const list = encodeProtobuf({ kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [{ metadata: { name: 's' }, data: { a: '', b: 'AP8=' } }] }, version);
  assert.is(Buffer.from(list).toString('latin1').includes('SecretList'), true);
  const status = notFound({ plural: 'namespaces', group: '' } as Resource, 'nosuch').toStatus();
  // What kube-apiserver v1.20.2 answers.
  const answered = '6b3873000a0c0a027631120653746174757312590a060a0012001a0012074661696c7572651a1d6e616d6573706163657320226e6f7375636822206e6f7420666f756e6422084e6f74466f756e642a1a0a066e6f7375636812001a0a6e616d65737061636573280032003094031a002200';
  assert.is(hex(encodeProtobuf(status, version)), answered);
  const event = encodeWatchEvent('ADDED', status, version);
  assert.equal([...event.subarray(0, 7)], [10, 5, ...Buffer.from('ADDED')]);
  assert.ok(hex(event).endsWith(hex(encodeProtobuf(status, version))));
});

test.run();
