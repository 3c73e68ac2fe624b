// Writes schema.json, the fields of every type, and pod-template.json, the Go structs behind a pod template (whose dump
// is what pod-template-hash hashes). Both are read from Kubernetes' own sources.
//
//   node lib/api/schema/generate.mjs K8S_SOURCE [KUBERNETES_TYPES]
//
// K8S_SOURCE is the root of the Go source of v1.20 (facts: names, types, struct tags); KUBERNETES_TYPES the npm package
// kubernetes-types, which knows the fields that came later. A development tool; nothing runs it at build time.
//
// A type is one line of `field:description` pairs:
//   description = [^] [!] container* base [*[mergeKey]] [+|-]
//   ^ pointer (a zero value is kept)    ! printed even when it is empty
//   container: [ list, { map            base: a scalar letter (see `scalars`) or the name of a type
//   * merged by a strategic merge patch, by the key that follows
//   + newer than v1.20                  - gone in the newer types
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [source, published = join(here, '../../../node_modules/kubernetes-types')] = process.argv.slice(2);
if (!source) throw new Error('usage: node generate.mjs K8S_SOURCE [KUBERNETES_TYPES]');

const groups = {
  '': 'core', apps: 'apps', autoscaling: 'autoscaling', batch: 'batch', policy: 'policy',
  'admissionregistration.k8s.io': 'admissionregistration', 'apiregistration.k8s.io': 'apiregistration', 'apiextensions.k8s.io': 'apiextensions', 'authentication.k8s.io': 'authentication',
  'authorization.k8s.io': 'authorization', 'certificates.k8s.io': 'certificates', 'coordination.k8s.io': 'coordination',
  'discovery.k8s.io': 'discovery', 'events.k8s.io': 'events', 'flowcontrol.apiserver.k8s.io': 'flowcontrol', extensions: 'networking', 'networking.k8s.io': 'networking', 'node.k8s.io': 'node',
  'rbac.authorization.k8s.io': 'rbac', 'scheduling.k8s.io': 'scheduling', 'storage.k8s.io': 'storage', meta: 'meta',
};
const inGo = [
  'meta/v1', 'core/v1', 'apps/v1', 'autoscaling/v1', 'autoscaling/v2beta1', 'autoscaling/v2beta2', 'batch/v1', 'batch/v1beta1', 'policy/v1beta1', 'admissionregistration/v1', 'admissionregistration/v1beta1',
  'apiregistration/v1', 'apiregistration/v1beta1', 'apiextensions/v1', 'apiextensions/v1beta1', 'authentication/v1', 'authentication/v1beta1', 'authorization/v1', 'authorization/v1beta1', 'certificates/v1', 'certificates/v1beta1',
  'coordination/v1', 'coordination/v1beta1', 'discovery/v1beta1', 'events/v1', 'events/v1beta1', 'flowcontrol/v1alpha1', 'flowcontrol/v1beta1', 'networking/v1', 'networking/v1beta1', 'node/v1', 'node/v1alpha1', 'node/v1beta1',
  'rbac/v1', 'rbac/v1alpha1', 'rbac/v1beta1', 'scheduling/v1', 'scheduling/v1alpha1', 'scheduling/v1beta1', 'storage/v1', 'storage/v1alpha1', 'storage/v1beta1',
];
const inPublished = [...inGo.filter((name) => name.endsWith('/v1')), 'autoscaling/v2', 'discovery/v1', 'flowcontrol/v1', 'policy/v1'].filter((name) => existsSync(join(published, `${name}.d.ts`)));
/** Later than the published types: fields of v1.31 to v1.33 that lessons or clients meet. */
const later = {
  'core/v1.PodSpec': { resources: '^ResourceRequirements' },
  'core/v1.PodStatus': { observedGeneration: 'l' },
  'core/v1.PodCondition': { observedGeneration: 'l' },
  'core/v1.Lifecycle': { stopSignal: '^s' },
  'core/v1.ContainerStatus': { stopSignal: '^s', allocatedResourcesStatus: '[a', user: '^a' },
  'core/v1.Volume': { image: '^a' },
  'apps/v1.DeploymentStatus': { terminatingReplicas: '^i' },
  'apps/v1.ReplicaSetStatus': { terminatingReplicas: '^i' },
  'autoscaling/v2.HPAScalingRules': { tolerance: '^q' },
  'coordination/v1.LeaseSpec': { strategy: '^s', preferredHolder: '^s' },
  'apiextensions/v1.JSONSchemaProps': { 'x-kubernetes-validations': '[ValidationRule' },
  // The published types leave out what it has of a Rule.
  'admissionregistration/v1.NamedRuleWithOperations': { resources: '[s', scope: '^s' },
  'discovery/v1.EndpointHints': { forNodes: '[a' },
};
/** Fields of v1.20 that later releases no longer know. The published types cannot tell: they lack some by mistake. */
const gone = [['meta/v1.ObjectMeta', 'clusterName'], ['core/v1.ServiceSpec', 'topologyKeys'], ['core/v1.EphemeralVolumeSource', 'readOnly']];

// -- Go ------------------------------------------------------------------------------------------------------------

const scalars = { string: 's', int32: 'i', int: 'i', int64: 'l', uint8: 'i', float64: 'n', bool: 'b', byte: 'i' };
const special = {
  'meta/v1.Time': 't', 'meta/v1.MicroTime': 'u', 'meta/v1.Duration': 's', 'meta/v1.FieldsV1': 'a', 'resource.Quantity': 'q', 'intstr.IntOrString': 'o',
  'runtime.RawExtension': 'a', 'runtime.Object': 'a', 'types.UID': 's', 'types.NodeName': 's',
};
for (const version of ['v1', 'v1beta1']) for (const name of ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray']) special[`apiextensions/${version}.${name}`] = 'a';

const goFile = (name) => {
  if (name === 'meta/v1') return ['apimachinery/pkg/apis/meta/v1/types.go'];
  if (name.startsWith('apiextensions/')) return ['types', 'types_jsonschema'].map((file) => `apiextensions-apiserver/pkg/apis/${name}/${file}.go`);
  if (name.startsWith('apiregistration/')) return [`kube-aggregator/pkg/apis/${name}/types.go`];
  return [`api/${name}/types.go`];
};

/** Structs and named types of all packages: name → { fields } | { alias }. */
const go = new Map();
for (const name of inGo) for (const file of goFile(name)) readGo(name, readFileSync(join(source, 'staging/src/k8s.io', file), 'utf8'));

function readGo(pkg, text) {
  const imports = {};
  for (const [, alias, path] of text.matchAll(/^(?:\t|import )(?:(\w+) )?"([^"]+)"$/gm)) {
    const api = /k8s\.io\/(?:api|apimachinery\/pkg\/apis)\/(\w+\/\w+)$/.exec(path);
    imports[alias ?? path.split('/').pop()] = api ? api[1] : path.split('/').pop();
  }
  for (const [, name, alias] of text.matchAll(/^type (\w+) ([^\s{]+)$/gm)) if (alias !== 'struct') go.set(`${pkg}.${name}`, { pkg, imports, alias });
  for (const [, name, body] of text.matchAll(/^type (\w+) struct ?\{(?:\}|\n([\s\S]*?)^\})/gm)) {
    const fields = [];
    for (const line of (body ?? '').split('\n')) {
      const field = /^\t(?:(\w+)\s+)?([\w.*[\]]+)\s+`(.*)`/.exec(line);
      const json = field && /json:"([^"]*)"/.exec(field[3]);
      if (!json || json[1] === '-') continue;
      const [key, ...options] = json[1].split(',');
      fields.push({
        key, name: field[1] ?? field[2].split('.').pop(), type: field[2], inline: options.includes('inline') || key === '', omitempty: options.includes('omitempty'),
        merge: /patchStrategy:"[^"]*\bmerge\b/.test(field[3]), mergeKey: /patchMergeKey:"([^"]*)"/.exec(field[3])?.[1] ?? '',
      });
    }
    go.set(`${pkg}.${name}`, { pkg, imports, fields });
  }
}

/** `[s`, `{[q`, `core/v1.PodSpec` … */
function goBase(type, { pkg, imports }) {
  if (type.startsWith('*')) return goBase(type.slice(1), { pkg, imports });
  if (type === '[]byte') return 'y';
  if (type.startsWith('[]')) return `[${goBase(type.slice(2), { pkg, imports })}`;
  const map = /^map\[[\w.]+\](.*)$/.exec(type);
  if (map) return `{${goBase(map[1], { pkg, imports })}`;
  if (scalars[type]) return scalars[type];
  const [first, second] = type.split('.');
  const name = second ? `${imports[first] ?? first}.${second}` : `${pkg}.${type}`;
  if (special[name]) return special[name];
  const found = go.get(name);
  if (!found) throw new Error(`no type ${name} (from ${pkg})`);
  return found.alias ? goBase(found.alias, found) : name;
}

const types = new Map();
for (const [name, type] of go) if (type.fields && !special[name]) types.set(name, goFields(type));

function goFields(type) {
  const out = new Map();
  for (const { key, type: goType, inline, omitempty, merge, mergeKey } of type.fields) {
    if (inline) {
      for (const [inner, description] of goFields(go.get(goBase(goType, type)))) out.set(inner, description);
      continue;
    }
    out.set(key, { pointer: goType.startsWith('*'), always: !omitempty, base: goBase(goType, type), merge, mergeKey, era: '' });
  }
  return out;
}

// -- The published types of a newer release ------------------------------------------------------------------------

for (const name of inPublished) readPublished(name, readFileSync(join(published, `${name}.d.ts`), 'utf8'));

function readPublished(pkg, text) {
  const imports = { };
  for (const [, names, path] of text.matchAll(/^import \{ ([^}]*) \} from "([^"]+)";/gm)) {
    for (const imported of names.split(', ')) imports[imported] = path.startsWith('./') ? `${pkg.split('/')[0]}/${path.slice(2)}` : path.replace('../', '');
  }
  const aliases = {};
  for (const [, name, alias] of text.matchAll(/^export type (\w+) = (.+);$/gm)) aliases[name] = alias;
  for (const [, name, body] of text.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const full = `${pkg}.${name}`;
    if (special[full] || name.endsWith('List')) continue;
    const flat = body.replace(/\{\s*(\[\w+: string\]: [^;]+);\s*\}/g, '{ $1 }');
    const fields = [...flat.matchAll(/^ {4}(?:readonly )?"?([\w$-]+)"?(\?)?: ([^\n]+?);?$/gm)];
    mergePublished(full, fields.map(([, key, , type]) => [key, type]), { pkg, imports, aliases });
  }
}

function mergePublished(name, fields, scope) {
  const known = types.get(name);
  const out = known ?? new Map();
  for (const [key, type] of fields) if (!known?.has(key)) out.set(key, newer(name, key, { type, scope, era: known ? '+' : '' }));
  types.set(name, out);
}

/** Pointers and sizes of numbers are not in the published types: taken from an older version of the type if there is one. */
function newer(name, key, { type, scope, era }) {
  const [group, plain] = [name.split('/')[0], name.split('.')[1]];
  const base = publishedBase(type, scope);
  for (const [other, fields] of types) {
    const older = other !== name && other.startsWith(`${group}/`) && other.endsWith(`.${plain}`) && fields.get(key);
    if (older) return { ...older, base: base === 'l' ? older.base : base, era };
  }
  const isList = base.startsWith('[') || base.startsWith('{');
  const conditions = key === 'conditions' && isList;
  const always = (key === 'metadata' || key === 'spec' || key === 'status') && /\.[A-Z]/.test(base) && era === '';
  return { pointer: !isList && !always, always, base, merge: conditions, mergeKey: conditions ? 'type' : '', era };
}

function publishedBase(type, scope) {
  const list = /^Array<(.*)>$/.exec(type) ?? /^(.*)\[\]$/.exec(type);
  if (list) return `[${publishedBase(list[1], scope)}`;
  const map = /^\{\s*\[[^\]]*\]: (.*?);?\s*\}$/.exec(type) ?? /^Record<string, (.*)>$/.exec(type);
  if (map) return `{${publishedBase(map[1], scope)}`;
  if (/^"/.test(type) || type === 'string') return 's';
  if (type === 'number') return 'l';
  if (type === 'boolean') return 'b';
  if (type === 'IntOrString' || type === 'number | string') return 'o';
  if (type === 'Quantity') return 'q';
  const full = `${scope.imports[type] ?? scope.pkg}.${type}`;
  if (special[full]) return special[full];
  if (/^\w+$/.test(type) && !scope.aliases[type] && !/^(any|object|unknown)$/.test(type) && !/RawExtension|JSON/.test(type)) return full;
  return 'a';
}

// An empty list of managed fields is not as good as none: it says that nobody shall own anything.
types.get('meta/v1.ObjectMeta').get('managedFields').pointer = true;
// Rules that name no policy are refused, those that leave them out get the usual ones.
for (const version of ['v2', 'v2beta2']) types.get(`autoscaling/${version}.HPAScalingRules`).get('policies').pointer = true;
for (const [name, key] of gone) types.get(name).get(key).era = '-';
for (const [name, fields] of Object.entries(later)) {
  for (const [key, description] of Object.entries(fields)) {
    const base = description.replace('^', '').replace(/^(\[*)([A-Z])/, (_, lists, letter) => `${lists}${name.split('.')[0]}.${letter}`);
    if (!types.get(name).has(key)) types.get(name).set(key, { pointer: description.startsWith('^'), always: false, base, merge: false, mergeKey: '', era: '+' });
  }
}

/** Fields whose type is a wider one since. */
for (const [name, key, base] of [['networking/v1.IngressClassSpec', 'parameters', 'networking/v1.IngressClassParametersReference']]) types.get(name).get(key).base = base;
for (const field of ['kind', 'name']) Object.assign(types.get('networking/v1.IngressClassParametersReference').get(field), { pointer: false, always: true });
const rule = types.get('apiextensions/v1.ValidationRule');
for (const field of ['message', 'messageExpression', 'fieldPath']) rule.get(field).pointer = false;
Object.assign(rule.get('rule'), { pointer: false, always: true });
for (const field of ['scope', 'namespace']) types.get('networking/v1.IngressClassParametersReference').get(field).era = '+';

// -- Writing -------------------------------------------------------------------------------------------------------

const isList = (name, fields) => name.endsWith('List') && fields.has('items');
const reachable = new Set();
const visit = (name) => {
  if (reachable.has(name) || !types.has(name)) return;
  reachable.add(name);
  for (const { base } of types.get(name).values()) visit(base.replace(/^[[{]+/, ''));
};
for (const [name, fields] of types) if (fields.has('kind') && fields.has('apiVersion') && !isList(name, fields)) visit(name);
visit('meta/v1.DeleteOptions');

function line(name) {
  const pkg = name.split('.')[0];
  const short = (base) => base.replace(`${pkg}.`, '');
  return [...types.get(name)]
    .map(([key, f]) => `${key}:${f.pointer ? '^' : ''}${f.always ? '!' : ''}${short(f.base)}${f.merge ? `*${f.mergeKey}` : ''}${f.era}`)
    .join(' ');
}

const out = { groups, types: Object.fromEntries([...reachable].sort().map((name) => [name, line(name)])) };
writeFileSync(join(here, 'schema.json'), `${JSON.stringify(out, null, 1)}\n`);
console.log(`${reachable.size} types, ${JSON.stringify(out).length} bytes`);

// -- The Go structs of a pod template ------------------------------------------------------------------------------

/** `[]v1.Container`, as reflection prints the type. */
function goTypeName(type, { pkg, imports }) {
  const [, prefix, plain] = /^((?:\*|\[\]|map\[string\])*)(.*)$/.exec(type);
  if (scalars[plain]) return type;
  const [first, second] = plain.split('.');
  const owner = second ? (imports[first] ?? first) : pkg;
  return `${prefix}${owner.split('/').pop()}.${second ?? plain}`;
}

const structs = {};
const dump = (name) => {
  if (structs[name] || special[name]) return;
  const type = go.get(name);
  structs[name] = '';
  structs[name] = type.fields.map((f) => `${f.name}:${f.inline ? '' : f.key}:${goTypeName(f.type, type)}:${goBase(f.type, type)}`).join(' ');
  for (const f of type.fields) {
    const base = goBase(f.type, type).replace(/^[[{]+/, '');
    if (base.includes('.')) dump(base);
  }
};
dump('core/v1.PodTemplateSpec');
writeFileSync(join(here, 'pod-template.json'), `${JSON.stringify(structs, null, 1)}\n`);
console.log(`${Object.keys(structs).length} structs of a pod template`);
