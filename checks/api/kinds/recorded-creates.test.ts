// Creates of pods, workloads and nodes as a v1.20 API server answered them: defaults and field errors, without the rest of the pipeline.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Context, createVersion, decode, draft, type KubeObject, type Resource, resources } from '../../../lib/api/index.ts';

const context: Context = { version: createVersion('v1.20'), now: '2026-01-01T00:00:00Z', namespace: 'x', find: () => undefined };
const kinds = new Map(resources.filter(({ kind }) => ['Pod', 'Node', 'Deployment', 'ReplicaSet', 'ReplicationController'].includes(kind)).map((r) => [r.plural, r]));
const recordings = new URL('../../oracle/recordings/api/', import.meta.url);

interface Recorded {
  title: string;
  setup: { path?: string }[];
  request: { method: string; path: string; body: any };
  response: { code: number; body: any };
}

function creates(file: string): [Recorded, Resource][] {
  const cases: Recorded[] = readFileSync(new URL(file, recordings), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return cases.flatMap((recorded) => {
    const { request, response } = recorded;
    const resource = kinds.get(request.path.split('/').at(-1)!);
    const known = resource && request.method === 'POST' && typeof request.body === 'object' && [201, 422].includes(response.code);
    return known ? [[recorded, resource] as [Recorded, Resource]] : [];
  });
}

/** What admission adds between defaults and validation is taken from the answer. */
function admit(object: KubeObject, answer: KubeObject): void {
  if (object.kind === 'Node') object.spec.taints = draft(answer.spec.taints);
  if (object.kind !== 'Pod') return;
  for (const field of ['tolerations', 'priority', 'preemptionPolicy', 'serviceAccountName', 'imagePullSecrets']) {
    if (answer.spec[field] !== undefined) object.spec[field] = draft(answer.spec[field]);
  }
}

function create({ request, response }: Recorded, { kind, group, strategy }: Resource) {
  const apiVersion = group ? `${group}/v1` : 'v1';
  const object = decode(apiVersion, kind, { ...draft(request.body), kind, apiVersion }, context).object as KubeObject;
  strategy!.defaults!(object, context);
  if (response.code === 201) admit(object, response.body);
  else if (kind === 'Pod') object.spec.serviceAccountName ??= 'default';
  strategy!.prepareForCreate?.(object, context);
  return { object, errors: strategy!.validate!(object, context) };
}

const withoutServerFields = ({ metadata: { name, namespace, uid, resourceVersion, creationTimestamp, ...metadata }, ...rest }: any) => ({ ...rest, metadata });
/** LimitRanger is admission's. */
const hasLimits = ({ setup }: Recorded) => setup.some(({ path }) => path?.endsWith('/limitranges'));

for (const [recorded, resource] of creates('defaulting.jsonl')) {
  if (hasLimits(recorded)) continue;
  test(`defaults: ${recorded.title}`, () => {
    const { object, errors } = create(recorded, resource);
    assert.equal(errors, []);
    assert.equal(withoutServerFields(object), withoutServerFields(recorded.response.body));
  });
}

for (const [recorded, resource] of creates('validation.jsonl')) {
  if (recorded.response.code !== 422) continue;
  const causes = recorded.response.body.details.causes.filter(({ field }: { field: string }) => !field.startsWith('metadata.') || resource.kind === 'Node');
  if (causes.length === 0) continue;
  test(`errors: ${recorded.title}`, () => {
    const { errors } = create(recorded, resource);
    // Addresses that Go prints differ from run to run.
    const plain = (message: string) => message.replace(/0x[0-9a-f]+/g, '<ptr>');
    assert.equal(errors.map(({ type, message, field }) => ({ reason: type, message: plain(message), field })), causes);
  });
}

test.run();
