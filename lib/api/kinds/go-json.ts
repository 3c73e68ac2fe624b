// What Go's encoding/json says about a text that is no JSON object.

/** The error of decoding a text into a map; undefined when it is an object. */
export function goJSONError(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    return syntaxError(text);
  }
}

/** The longest prefix that could still become JSON ends before the character that Go complains about. */
function syntaxError(text: string): string {
  // Differs from Kubernetes: only a text that ends too early and a wrong first character are worded exactly.
  const start = text.trimStart();
  if (start === '') return 'unexpected end of JSON input';
  if (!/^[[{"\-0-9tfn]/.test(start)) return `invalid character '${start[0]}' looking for beginning of value`;
  for (const ending of ['', '}', '"}', ':0}', '":0}', '"k":0}', '0}', ']}']) if (isJSON(text + ending)) return 'unexpected end of JSON input';
  return `invalid character '${start[1] ?? start[0]}' looking for beginning of object key string`;
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
