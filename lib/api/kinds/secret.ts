import { type FieldError, invalid, required, tooLong } from '../field-error.ts';
import { goMapError } from '../go-json.ts';
import { isConfigMapKey } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { base64Length, immutable, invalidAll, maxDataBytes, totalBytes } from './checks.ts';
import { immutableErrors } from './config-map.ts';

const bytesOf = (text: string) => (/^[\x00-\x7f]*$/.test(text) ? text : Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
const encode = (text: string) => btoa(bytesOf(text));

/** What was written as plain text joins the data, and wins over it. */
function encodeStringData(draft: KubeObject) {
  if (!draft.stringData) return;
  const data = { ...draft.data };
  for (const key in draft.stringData) data[key] = encode(draft.stringData[key]);
  draft.data = data;
  delete draft.stringData;
}

function jsonErrors(data: Record<string, string>, key: string): FieldError[] {
  if (data[key] === undefined) return [required(`data[${key}]`)];
  const problem = goMapError(atob(data[key]));
  return problem ? [invalid(`data[${key}]`, '<secret contents redacted>', problem)] : [];
}

/** Some types promise certain keys. */
function typeErrors({ type, data = {}, metadata }: KubeObject): FieldError[] {
  const account = 'kubernetes.io/service-account.name';
  switch (type) {
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.[account] ? [] : [required(`metadata.annotations[${account}]`)];
    case 'kubernetes.io/dockercfg':
      return jsonErrors(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return jsonErrors(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      // The `[%s]` is Kubernetes' own slip.
      return 'username' in data || 'password' in data ? [] : [required('data[%s][username]'), required('data[%s][password]')];
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[%s][ssh-privatekey]')];
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].filter((key) => !(key in data)).map((key) => required(`data[${key}]`));
    default:
      return [];
  }
}

function validate(object: KubeObject, { version }: Context): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in object.data) errors.push(...invalidAll(`data[${key}]`, key, isConfigMapKey(key)));
  if (totalBytes(object.data, base64Length) > maxDataBytes) errors.push(tooLong('data', maxDataBytes));
  return [...errors, ...typeErrors(object)];
}

export const secret: Resource = {
  kind: 'Secret',
  group: '',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'secrets',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    defaults(draft) {
      encodeStringData(draft);
      draft.type ||= 'Opaque';
    },
    validate,
    validateUpdate: (object, old, context) => [...immutable('type', object.type, old.type), ...immutableErrors(object, old, ['data']), ...validate(object, context)],
    fields: (object) => ({ type: object.type ?? '' }),
  },
  columns: [nameColumn, column('Type'), column('Data'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.type ?? '', Object.keys(object.data ?? {}).length, age(object, now)],
};
