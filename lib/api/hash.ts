// pod-template-hash: FNV-1a over a dump of the template as Go's structs, in letters that form no words.
import { parseQuantity, type Quantity } from './quantity.ts';
import structs from './schema/pod-template.json' with { type: 'json' };

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The characters of generated names, without vowels (apimachinery/pkg/util/rand). The result has as many bytes as the text. */
export function safeEncodeString(text: string): string {
  return Array.from(text, (character) => (alphabet[character.codePointAt(0)! % alphabet.length]! + '\0\0\0').slice(0, utf8Length(character))).join('');
}

const utf8Length = (character: string) => (character < '\u0080' ? 1 : new TextEncoder().encode(character).length);

/** 32-bit FNV-1a. */
function fnv32a(bytes: Iterable<number>, start = 0x811c9dc5): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

const encoder = new TextEncoder();

/** `pod-template-hash` of a PodTemplateSpec; `collisionCount` as in a Deployment's status. */
export function computeHash(template: object, collisionCount?: number | null): string {
  // Differs from Kubernetes: the dump is that of v1.20's structs in every release, so newer releases give other values.
  let hash = fnv32a(encoder.encode(dumpStruct('core/v1.PodTemplateSpec', template, true)));
  if (collisionCount !== undefined && collisionCount !== null) hash = fnv32a(new Uint8Array(new Uint32Array([collisionCount, 0]).buffer), hash);
  return safeEncodeString(String(hash));
}

interface GoField {
  name: string;
  /** '' for an embedded struct, whose fields lie in the same JSON object. */
  key: string;
  type: string;
  base: string;
}

const lines: Record<string, string | undefined> = structs;
const parsed = new Map<string, GoField[]>();

function fieldsOf(name: string): GoField[] {
  let fields = parsed.get(name);
  if (!fields) {
    fields = (lines[name] ?? '').split(' ').filter(Boolean).map((part) => {
      const [goName, key, type, base] = part.split(':') as [string, string, string, string];
      return { name: goName, key, type, base };
    });
    parsed.set(name, fields);
  }
  return fields;
}

const shortType = (name: string) => name.slice(name.indexOf('/') + 1);

/** `{Name:(string)web Image:(string)nginx …}`, with the type in front where Go prints it. */
function dumpStruct(name: string, value: object, typed = false): string {
  const from = value as Record<string, unknown>;
  const fields = fieldsOf(name).map((field) => `${field.name}:${dumpField(field, field.key === '' ? from : from[field.key])}`);
  return `${typed ? `(${shortType(name)})` : ''}{${fields.join(' ')}${newerFields(name, from)}}`;
}

// Fields that v1.20 does not have change the hash all the same.
function newerFields(name: string, value: Record<string, unknown>): string {
  const keys = keysOf(name);
  const unknown = Object.keys(value).filter((key) => !keys.has(key) && value[key] !== undefined);
  return unknown.length === 0 ? '' : unknown.sort().map((key) => ` ${key}:${JSON.stringify(value[key])}`).join('');
}

const keySets = new Map<string, Set<string>>();

function keysOf(name: string): Set<string> {
  let keys = keySets.get(name);
  if (!keys) {
    keys = new Set(fieldsOf(name).flatMap((field) => (field.key === '' ? [...keysOf(field.base)] : [field.key])));
    keySets.set(name, keys);
  }
  return keys;
}

function dumpField({ key, type, base }: GoField, value: unknown): string {
  const missing = value === undefined || value === null;
  if (type.startsWith('*')) return `(${type})${missing ? '<nil>' : dumpValue(base, value)}`;
  if (key === '') return `(${type})${dumpEmbedded(base, value as object)}`;
  return `(${type})${missing ? zero(base) : dumpValue(base, value)}`;
}

/** An embedded struct shares its JSON object with its owner, whose other fields are no newer fields of it. */
function dumpEmbedded(name: string, value: object): string {
  const keys = keysOf(name);
  return dumpStruct(name, Object.fromEntries(Object.entries(value).filter(([key]) => keys.has(key))));
}

function dumpValue(base: string, value: unknown): string {
  if (base[0] === '[') return `[${(value as unknown[]).map((item) => dumpValue(base.slice(1), item)).join(' ')}]`;
  if (base[0] === '{') {
    const map = value as Record<string, unknown>;
    return `map[${Object.keys(map).sort().map((key) => `${key}:${dumpValue(base.slice(1), map[key])}`).join(' ')}]`;
  }
  if (base.length > 1) return dumpStruct(base, (value ?? {}) as object);
  if (base === 'q') return dumpQuantity(parseQuantity(value as string));
  if (base === 'o') return typeof value === 'number' ? `{Type:(intstr.Type)0 IntVal:(int32)${value} StrVal:(string)}` : `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`;
  if (base === 't') return dumpTime(value as string);
  return String(value);
}

function zero(base: string): string {
  if (base[0] === '[' || base[0] === '{') return '<nil>';
  if (base.length > 1) return dumpStruct(base, {});
  return { s: '', i: '0', l: '0', b: 'false', o: '{Type:(intstr.Type)0 IntVal:(int32)0 StrVal:(string)}', t: dumpTime(undefined), q: dumpQuantity(undefined) }[base] ?? '<nil>';
}

/** Seconds since the year 1, in UTC. */
function dumpTime(text: string | undefined): string {
  const seconds = text === undefined ? 0 : Math.floor(Date.parse(text) / 1000) + 62135596800;
  return `{Time:(time.Time){wall:(uint64)0 ext:(int64)${seconds} loc:(*time.Location)<nil>}}`;
}

function dumpQuantity(quantity: Quantity | undefined): string {
  const small = quantity && !quantity.big;
  const amount = `(resource.int64Amount){value:(int64)${small ? quantity.unscaled : 0} scale:(resource.Scale)${small ? quantity.scale : 0}}`;
  const decimal = `(resource.infDecAmount){Dec:(*inf.Dec)${quantity?.big ? dumpDecimal(quantity) : '<nil>'}}`;
  return `{i:${amount} d:${decimal} s:(string)${quantity?.text ?? ''} Format:(resource.Format)${quantity?.format ?? ''}}`;
}

function dumpDecimal({ unscaled, scale }: Quantity): string {
  const words: bigint[] = [];
  for (let rest = unscaled < 0n ? -unscaled : unscaled; rest > 0n; rest >>= 64n) words.push(rest & 0xffffffffffffffffn);
  return `{unscaled:(big.Int){neg:(bool)${unscaled < 0n} abs:(big.nat)${words.length === 0 ? '<nil>' : `[${words.join(' ')}]`}} scale:(inf.Scale)${-scale}}`;
}
