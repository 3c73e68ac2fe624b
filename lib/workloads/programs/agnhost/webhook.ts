// Answers admission reviews in ways that tests of webhooks look for: `agnhost webhook`.
import type { HttpResponse } from '../../../machine/index.ts';
import type { Program } from '../../program.ts';
import { flag } from './options.ts';

type Json = Record<string, any>;
interface Verdict {
  allowed: boolean;
  status?: { message?: string; reason?: string; status?: string; code?: number };
  patch?: object[];
  /** Milliseconds. */
  delay?: number;
}
type Rule = (request: Json, sidecar: string) => Verdict;

const allowed: Verdict = { allowed: true };
const denied = (message: string): Verdict => ({ allowed: false, status: { message } });
const unwanted = (reason: string): Verdict => ({ allowed: false, status: { reason } });
const patchWith = (...patch: object[]): Verdict => ({ allowed: true, patch });
const add = (path: string, value: unknown) => ({ op: 'add', path, value });

/** What it does with data of two keys: in two steps, each by a webhook of its own. */
function stages({ object }: Json): Verdict {
  const { data = {} } = object;
  if (data['mutation-stage-1'] === 'yes') return patchWith(add('/data/mutation-stage-2', 'yes'));
  return data['mutation-start'] === 'yes' ? patchWith(add('/data/mutation-stage-1', 'yes')) : allowed;
}

const guarded =
  (what: string, named: string): Rule =>
  ({ operation, object, oldObject }) => {
    const value = (operation === 'DELETE' ? oldObject : object)?.data?.['webhook-e2e-test'];
    if (value === 'webhook-disallow' && ['CREATE', 'UPDATE'].includes(operation)) return unwanted(`the ${what} contains unwanted ${named}`);
    return value === 'webhook-nondeletable' && operation === 'DELETE' ? unwanted(`the ${what} cannot be deleted because it contains unwanted key and value`) : allowed;
  };

function pods({ object: { metadata = {}, spec = {} } }: Json): Verdict {
  const label = metadata.labels?.['webhook-e2e-test'];
  const complaints = [...(label === 'webhook-disallow' ? ['the pod contains unwanted label;'] : []), ...(spec.containers ?? []).filter(({ name = '' }) => name.includes('webhook-disallow')).map(() => 'the pod contains unwanted container name;')];
  if (label === 'wait-forever') return { ...denied('the pod response should not be sent;'), delay: Infinity };
  return complaints.length > 0 ? denied(complaints.join(' ')) : allowed;
}

const has = (containers: Json[] = [], name: string) => containers.some((container) => container['name'] === name);

const rules: Record<string, Rule> = {
  '/always-allow-delay-5s': () => ({ ...allowed, status: { message: 'this webhook allows all requests' }, delay: 5_000 }),
  '/always-deny': () => denied('this webhook denies all requests'),
  '/add-label': ({ object }) => {
    const labels = object.metadata?.labels ?? {};
    if (Object.keys(labels).length === 0) return patchWith(add('/metadata/labels', { 'added-label': 'yes' }));
    return labels['added-label'] === 'yes' ? allowed : patchWith(add('/metadata/labels/added-label', 'yes'));
  },
  '/pods': pods,
  '/pods/attach': ({ name, object = {} }) => (name === 'to-be-attached-pod' && object.stdin && object.container === 'container1' ? denied("attaching to pod 'to-be-attached-pod' is not allowed") : allowed),
  '/mutating-pods': ({ object: { metadata, spec } }) =>
    metadata.name !== 'webhook-to-be-mutated' || has(spec.initContainers, 'webhook-added-init-container') ? allowed : patchWith(add('/spec/initContainers', [{ image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} }])),
  '/mutating-pods-sidecar': ({ object }, image) => {
    if (!image) return { allowed: false, status: { status: 'Failure', message: 'No image specified by the sidecar-image parameter', code: 500 } };
    return has(object.spec.containers, 'webhook-added-sidecar') ? allowed : patchWith(add('/spec/containers/-', { image, name: 'webhook-added-sidecar', resources: {} }));
  },
  '/configmaps': guarded('configmap', 'key and value'),
  '/mutating-configmaps': stages,
  '/custom-resource': guarded('custom resource', 'data'),
  '/mutating-custom-resource': stages,
  '/crd': ({ object }) => (object.metadata.labels?.['webhook-e2e-test'] === 'webhook-disallow' ? denied('the crd contains unwanted label') : allowed),
};

export const webhook: Program = (process) => {
  const sidecar = flag(process.argv, '--sidecar-image') ?? '';
  process.listen(Number(flag(process.argv, '--port') ?? 443), ({ path, body = '' }): HttpResponse => {
    const name = path.replace(/\?.*/, '');
    if (name === '/readyz') return { status: 200, body: 'ok' };
    const rule = rules[name];
    if (!rule) return { status: 404, body: '404 page not found\n' };
    const { apiVersion, kind, request } = JSON.parse(body) as Json;
    const { patch, delay, ...verdict } = rule(request, sidecar);
    const response = { uid: request.uid, ...verdict, ...(patch && { patch: btoa(JSON.stringify(patch)), patchType: 'JSONPatch' }) };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ kind, apiVersion, response }), ...(delay !== undefined && { delay }) };
  });
  return { terminate: { after: 10, exitCode: 2 } };
};
