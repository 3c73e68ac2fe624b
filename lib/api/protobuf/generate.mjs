// Writes numbers.json: the numbers that protobuf gives to the fields of every type in schema.json.
//
//   node lib/api/protobuf/generate.mjs PROTOS
//
// PROTOS is a checkout of k8s.io/api, with apimachinery's pkg/apis/meta/v1 as meta/v1 beside the groups. Facts are read
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
    found.set(`${pkg}.${name}`, fields.map(([, label, type, field, number]) => ({ label, type: typeName(type ?? '', pkg), field, number })));
  }
  return found;
}

function typeName(type, pkg) {
  const [, group, version, name] = /^\.k8s\.io\.(?:api|apimachinery\.pkg\.apis)\.(\w+)\.(\w+)\.(\w+)$/.exec(type) ?? [];
  return group ? `${group}/${version}.${name}` : /^[A-Z]/.test(type) ? `${pkg}.${type}` : '';
}

const out = {};
function write(full, known) {
  if (out[full] !== undefined) return;
  const fields = message(renamed[full] ?? full);
  if (!fields) return;
  const pairs = [];
  out[full] = '';
  for (const { label, type, field, number } of fields) {
    if (known.has(field)) pairs.push(`${field}:${number}`);
    else if (label === 'optional' && type && embeds(field, type) && message(type)?.some((inner) => known.has(inner.field) || message(inner.type))) {
      pairs.push(`>${type}:${number}`);
      write(type, known);
    }
  }
  out[full] = pairs.join(' ');
}
for (const [full, line] of Object.entries(schema)) write(full, new Set(line.split(' ').map((pair) => pair.split(':')[0])));
const sorted = Object.entries(out).filter(([, line]) => line !== '').sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(join(here, 'numbers.json'), `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
console.log(`${sorted.length} types; without numbers: ${Object.keys(schema).filter((full) => !out[full]).join(' ')}`);
