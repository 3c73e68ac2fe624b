// Values as Go programs print them.

/** Go's json.Marshal: sorted keys, and <, >, & escaped. */
export function goJson(value: unknown, indent = ''): string {
  return JSON.stringify(sortKeys(value), null, indent).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) out[key] = sortKeys(item);
  }
  return out;
}

/** A value as Go's %#v shows it. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = Object.entries(sortedFields(value as Record<string, unknown>)).map(([name, field]) => `${JSON.stringify(name)}:${goSyntax(field)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}

export const sortedFields = (value: Record<string, unknown>) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
