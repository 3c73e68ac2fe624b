// Values as Go prints them with %v: `map[a:1 b:[x y]]`. Messages about patches show them so.

export function goFormat(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goFormat).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const fields = Object.keys(value).sort().map((key) => `${key}:${goFormat((value as Record<string, unknown>)[key])}`);
  return `map[${fields.join(' ')}]`;
}

/** The Go type that a decoded JSON value has. */
export function goType(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** Words of encoding/json for a value of the wrong shape. */
export function goJsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}
