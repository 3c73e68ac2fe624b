// relabel_configs: which targets there are, and under which labels (model/relabel).
import { type Labels, nonEmpty, wholeRegExp } from './labels.ts';

export const actions = ['replace', 'keep', 'drop', 'keepequal', 'dropequal', 'labelmap', 'labeldrop', 'labelkeep', 'lowercase', 'uppercase'] as const;

export interface RelabelConfig {
  action: (typeof actions)[number];
  sourceLabels: readonly string[];
  separator: string;
  regex: RegExp;
  targetLabel: string;
  replacement: string;
}

export const relabelDefaults = { action: 'replace', sourceLabels: [], separator: ';', regex: wholeRegExp('(.*)'), targetLabel: '', replacement: '$1' } as const satisfies RelabelConfig;

/** Undefined: dropped. */
export function relabel(labels: Labels, configs: readonly RelabelConfig[]): Labels | undefined {
  let current: Labels | undefined = labels;
  for (const config of configs) {
    current = step(current, config);
    if (!current) return undefined;
  }
  return nonEmpty(current);
}

function step(labels: Labels, { action, sourceLabels, separator, regex, targetLabel, replacement }: RelabelConfig): Labels | undefined {
  const source = sourceLabels.map((name) => labels[name] ?? '').join(separator);
  switch (action) {
    case 'keep':
      return regex.test(source) ? labels : undefined;
    case 'drop':
      return regex.test(source) ? undefined : labels;
    case 'keepequal':
      return (labels[targetLabel] ?? '') === source ? labels : undefined;
    case 'dropequal':
      return (labels[targetLabel] ?? '') === source ? undefined : labels;
    case 'lowercase':
      return { ...labels, [targetLabel]: source.toLowerCase() };
    case 'uppercase':
      return { ...labels, [targetLabel]: source.toUpperCase() };
    case 'labeldrop':
      return Object.fromEntries(Object.entries(labels).filter(([name]) => !regex.test(name)));
    case 'labelkeep':
      return Object.fromEntries(Object.entries(labels).filter(([name]) => regex.test(name)));
    case 'labelmap':
      return { ...labels, ...Object.fromEntries(Object.entries(labels).flatMap(([name, value]) => (regex.test(name) ? [[expand(replacement, regex.exec(name)!), value]] : []))) };
    case 'replace': {
      const found = regex.exec(source);
      if (!found) return labels;
      const name = expand(targetLabel, found);
      return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? { ...labels, [name]: expand(replacement, found) } : labels;
    }
  }
}

/** `$1`, `${1}`, `${name}`, `$$`, as Go's regexp.Expand. */
const expand = (text: string, found: RegExpExecArray) =>
  text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === undefined) return whole === '$$' ? '$' : whole;
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? '';
  });
