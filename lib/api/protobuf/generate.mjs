// Writes numbers.json: the numbers that protobuf gives to the fields of every type in schema.json.
//
//   node lib/api/protobuf/generate.mjs PROTOS
//
// PROTOS has GROUP/VERSION/generated.proto of k8s.io/api, with apimachinery's meta/v1, apiextensions/v1 and apiregistration/v1 beside the groups:
// of each those of v1.20 and, after them in the same file, those of the newest release, which win. Facts are read
// from its generated.proto files. A development tool; nothing runs it at build time.
//
// A type is one line of `field:number` pairs; `>type:number` is a message whose fields belong to the type itself, as Go
// embeds a VolumeSource in a Volume.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [protos] = process.argv.slice(2);
if (!protos) throw new Error('usage: node generate.mjs PROTOS');
const schema = JSON.parse(readFileSync(join(here, '../schema/schema.json'), 'utf8')).types;

/** Types that have another name since v1.20, and the one field that is not called like the type it embeds. */
const renamed = { 'core/v1.Handler': 'core/v1.LifecycleHandler' };
const embeds = (field, type) => type.toLowerCase().endsWith(`.${field.toLowerCase()}`) || type === 'core/v1.ProbeHandler';

const messages = new Map();
function message(full) {
  const [pkg] = full.split('.');
  if (!messages.has(pkg)) messages.set(pkg, read(pkg));
  return messages.get(pkg).get(full);
}

function read(pkg) {
  const file = join(protos, pkg, 'generated.proto');
  const found = new Map();
  if (!existsSync(file)) return found;
  for (const [, name, body] of readFileSync(file, 'utf8').matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/^ {2}(optional|repeated|map)(?:<[^>]*>| ([\w.]+)) (\w+) = (\d+);/gm)];
    const known = new Map((found.get(`${pkg}.${name}`) ?? []).map((one) => [one.field, one]));
    for (const [, label, type, field, number] of fields) known.set(field, { label, type: typeName(type ?? '', pkg), field, number });
    found.set(`${pkg}.${name}`, [...known.values()]);
  }
  return found;
}

function typeName(type, pkg) {
  const [, group, version, name] = /^\.k8s\.io\.(?:api|apimachinery\.pkg\.apis)\.(\w+)\.(\w+)\.(\w+)$/.exec(type) ?? [];
  return group ? `${group}/${version}.${name}` : /^[A-Z]/.test(type) ? `${pkg}.${type}` : '';
}

const out = {};
const fieldsOf = (full) => (schema[full] ?? '').split(' ').map((pair) => pair.split(':')[0]);
function write(full, outer = []) {
  if (out[full] !== undefined) return;
  const known = new Set([...fieldsOf(full), ...outer]);
  const fields = message(renamed[full] ?? full);
  if (!fields) return;
  const pairs = [];
  out[full] = '';
  for (const { label, type, field, number } of fields) {
    // A few are written otherwise there: `Webhooks`, `uID`, `xKubernetesListType`.
    const named = known.has(field) ? field : [...known].find((one) => one.replace(/[$-]/g, '').toLowerCase() === field.toLowerCase());
    if (named && pairs.some((pair) => pair.startsWith(`${named}:`))) continue;
    if (named) pairs.push(`${named}:${number}`);
    else if (label === 'optional' && type && embeds(field, type) && message(type)?.some((inner) => known.has(inner.field) || message(inner.type))) {
      pairs.push(`>${type}:${number}`);
      write(type, known);
    }
  }
  out[full] = pairs.join(' ');
}
for (const full of Object.keys(schema)) write(full);
const sorted = Object.entries(out).filter(([, line]) => line !== '').sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(join(here, 'numbers.json'), `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
console.log(`${sorted.length} types; without numbers: ${Object.keys(schema).filter((full) => !out[full]).join(' ')}`);
