// Writes list-types.json: which lists of a type are maps or sets, which maps and structs are atomic, and what a key of a
// list element is when the element leaves it out. Server-side apply needs it. Only what differs from the rule "a list that
// a strategic merge patch merges is a map or set, any other is atomic; maps and structs are granular" is written.
//
//   node lib/api/schema/generate-list-types.mjs K8S_SOURCE CLIENT_GO
//
// K8S_SOURCE is the root of the Go source of v1.20 (its OpenAPI document); CLIENT_GO a git directory of
// kubernetes/client-go, whose applyconfigurations hold the same for every release since v1.21. A development tool.
//
// Sections by the minor release (1.x) in which they begin to hold; what came with its type or field holds in the first.
// A topology is `atomic`, `set` or the keys of a map, `containerPort,protocol`; `defaults` is what a field is as a key.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const [source, clientGo] = process.argv.slice(2);
if (!clientGo) throw new Error('usage: node generate-list-types.mjs K8S_SOURCE CLIENT_GO');
const { types: lines } = JSON.parse(readFileSync(join(here, 'schema.json'), 'utf8'));

/** `io.k8s.api.core.v1.Container` → `core/v1.Container` */
const ownName = (name) => name.replace(/^(io\.k8s\.api|io\.k8s\.apimachinery\.pkg\.apis|io\.k8s\.apiextensions-apiserver\.pkg\.apis)\./, '').replace(/^([^.]+)\./, '$1/');

const patched = (type, key) => {
  const field = (lines[type] ?? '').split(' ').find((pair) => pair.startsWith(`${key}:`));
  const merge = field && /\*([A-Za-z]*)[+-]?$/.exec(field);
  return { known: Boolean(field), isList: Boolean(field && /:\^?!?\[/.test(field)), rule: merge ? merge[1] || 'set' : 'atomic' };
};

// -- v1.20: the OpenAPI document -----------------------------------------------------------------------------------

function openAPI() {
  const out = { types: {}, fields: {}, defaults: {} };
  const { definitions } = JSON.parse(readFileSync(join(source, 'api/openapi-spec/swagger.json'), 'utf8'));
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition['x-kubernetes-map-type']) out.types[ownName(name)] = definition['x-kubernetes-map-type'];
    for (const [key, property] of Object.entries(definition.properties ?? {})) out.fields[`${ownName(name)}.${key}`] = ofProperty(property);
  }
  // The published document lacks the defaults; the source that it is made from has them.
  for (const [, pkg, type, field] of readGoDefaults()) out.defaults[`${pkg}.${type}.${field}`] = 'TCP';
  return out;
}

function ofProperty(property) {
  if (property.type !== 'array') return property['x-kubernetes-map-type'];
  const type = property['x-kubernetes-list-type'];
  if (type === 'map') return property['x-kubernetes-list-map-keys'].join(',');
  if (type) return type;
  if (!/merge/.test(property['x-kubernetes-patch-strategy'] ?? '')) return 'atomic';
  return property['x-kubernetes-patch-merge-key'] ?? 'set';
}

function readGoDefaults() {
  const text = readFileSync(join(source, 'staging/src/k8s.io/api/core/v1/types.go'), 'utf8');
  return [...text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)].flatMap(([, type, body]) =>
    [...body.matchAll(/\+default="TCP"\n\t[^\n]*json:"(\w+)/g)].map(([, field]) => ['', 'core/v1', type, field]));
}

// -- Later releases: the schema of client-go's apply configurations ---------------------------------------------------

function applyConfigurations(minor) {
  const file = execFileSync('git', ['--git-dir', clientGo, 'show', `v0.${minor}.0:applyconfigurations/internal/internal.go`], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const { types } = parse(/`types:[\s\S]*?`/.exec(file)[0].slice(1, -1));
  const out = { types: {}, fields: {}, defaults: {} };
  for (const { name, map } of types) {
    if (!map) continue;
    const own = ownName(name);
    if (map.elementRelationship === 'atomic' && map.fields) out.types[own] = 'atomic';
    for (const field of map.fields ?? []) {
      const { list, map: inner } = field.type;
      if (list) out.fields[`${own}.${field.name}`] = list.elementRelationship === 'associative' ? (list.keys?.join(',') ?? 'set') : 'atomic';
      if (inner) out.fields[`${own}.${field.name}`] = inner.elementRelationship === 'atomic' ? 'atomic' : undefined;
      if (typeof field.default === 'string' && field.default) out.defaults[`${own}.${field.name}`] = field.default;
    }
  }
  return out;
}

// -- Writing -------------------------------------------------------------------------------------------------------

const releases = [[20, openAPI()]];
for (let minor = 21; minor <= 33; minor++) releases.push([minor, applyConfigurations(minor)]);

function history(what, name, rule) {
  const out = [];
  let before = rule;
  for (const [minor, data] of releases) {
    if (what === 'fields' && !(name in data.fields)) continue;
    const now = data[what][name] ?? (what === 'types' ? 'granular' : rule);
    if (now !== before) out.push([minor, now]);
    before = now;
  }
  return out;
}

const first = releases[0][0];
const sections = {};
const put = (since, what, name, value) => (((sections[since] ??= {})[what] ??= {})[name] = value);
const names = (what) => [...new Set(releases.flatMap(([, data]) => Object.keys(data[what])))].sort();

/** Types and fields of v1.20 change in a release; those that came later have been what they are, or have no user of what they were. */
function write(what, name, { rule, old }) {
  const steps = history(what, name, rule);
  if (steps.length === 0) return;
  if (old) for (const [since, topology] of steps) put(since, what, name, topology);
  else put(first, what, name, steps.at(-1)[1]);
}

const types20 = new Set(Object.keys(releases[0][1].fields).map((name) => name.slice(0, name.lastIndexOf('.'))));
for (const name of names('types')) if (name in lines) write('types', name, { rule: 'granular', old: types20.has(name) });
for (const name of names('fields')) {
  const [type, key] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
  const { known, isList, rule } = patched(type, key);
  if (known) write('fields', name, { rule: isList ? rule : 'granular', old: name in releases[0][1].fields });
}
const keys = new Set(Object.values(sections).flatMap(({ fields = {} }) => Object.values(fields).flatMap((topology) => topology.split(','))));
for (const name of names('defaults')) {
  const [since, data] = releases.find(([, data]) => name in data.defaults);
  if (keys.has(name.slice(name.lastIndexOf('.') + 1))) put(since, 'defaults', name, data.defaults[name]);
}
writeFileSync(join(here, 'list-types.json'), `${JSON.stringify(sections, null, 1)}\n`);
console.log(`${Object.keys(sections).length} sections`);
