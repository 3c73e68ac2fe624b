// Go templates as `--format` takes them: fields, `json`, `index`, `println`; no ranges.

export class TemplateError extends Error {}

/** A value as Go prints it. */
function goText(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object') return `map[${Object.entries(value).map(([key, inner]) => `${key}:${goText(inner)}`).join(' ')}]`;
  return String(value);
}

export function fill(template: string, data: unknown): string {
  return template
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (_, action: string) => {
      const json = /^json\s+(\S+)$/.exec(action);
      if (json) return JSON.stringify(fieldOf(data, json[1]!));
      const index = /^index\s+(\S+)\s+"?([^"\s]+)"?$/.exec(action);
      if (index) return goText((fieldOf(data, index[1]!) as Record<string, unknown>)[index[2]!]);
      if (!/^\.[\w.]*$/.test(action)) throw new TemplateError(`template parsing error: template: :1: function ${JSON.stringify(action.split(/\s/)[0])} not defined`);
      return goText(fieldOf(data, action));
    });
}

function fieldOf(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split('.').filter(Boolean)) {
    if (typeof value !== 'object' || value === null || !(name in value)) throw new TemplateError(`template: :1:2: executing "" at <${path}>: map has no entry for key ${JSON.stringify(name)}`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
