// Lines of `kubectl describe`: indented by level, columns separated with tabs until the end.
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { formatLabelSelector } from '../../api/index.ts';
import { alignTabs } from '../text/tabwriter.ts';

export class Writer {
  text = '';

  /** Appends text at an indentation of two spaces a level. */
  write(level: number, text: string): this {
    this.text += '  '.repeat(level) + text;
    return this;
  }
  line(level: number, text: string): this {
    return this.write(level, `${text}\n`);
  }
  /** `Name:\tvalue` */
  field(level: number, name: string, value: unknown): this {
    return this.line(level, `${name}:\t${String(value)}`);
  }
  /** The text with its columns aligned. */
  toString(): string {
    return alignTabs(this.text);
  }
}

const none = '<none>';

/** Pairs, one a line, the first beside the title. */
export function multiline(w: Writer, title: string, pairs: Readonly<Record<string, string>> | undefined, { indent = '', skip = [] as readonly string[] } = {}): void {
  const keys = Object.keys(pairs ?? {}).filter((key) => !skip.includes(key)).sort();
  if (keys.length === 0) {
    w.write(0, `${indent}${title}:\t${none}\n`);
    return;
  }
  keys.forEach((key, i) => w.write(0, `${i === 0 ? `${indent}${title}:` : ''}\t${key}=${pairs![key]}\n`));
}

const longest = 140;

/** Annotations: `key: value`, long or many-lined values below their key. */
export function annotations(w: Writer, title: string, pairs: Readonly<Record<string, string>> | undefined, indent = ''): void {
  const keys = Object.keys(pairs ?? {}).filter((key) => key !== 'kubectl.kubernetes.io/last-applied-configuration').sort();
  if (keys.length === 0) {
    w.write(0, `${indent}${title}:\t${none}\n`);
    return;
  }
  keys.forEach((key, i) => {
    const head = `${i === 0 ? `${indent}${title}:` : ''}\t`;
    const value = pairs![key]!.replace(/\n$/, '');
    if (value.length + key.length + 2 > longest || value.includes('\n')) {
      w.write(0, `${head}${key}:\n`);
      for (const line of value.split('\n')) w.write(0, `\t  ${shorten(line, longest - 2)}\n`);
    } else w.write(0, `${head}${key}: ${value}\n`);
  });
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export function tolerations(w: Writer, title: string, list: readonly Toleration[] | undefined, indent = ''): void {
  if (!list || list.length === 0) {
    w.write(0, `${indent}${title}:\t${none}\n`);
    return;
  }
  const sorted = [...list].sort(({ key: a = '' }, { key: b = '' }) => (a < b ? -1 : a > b ? 1 : 0));
  sorted.forEach((toleration, i) => {
    const { key = '', operator, value, effect, tolerationSeconds } = toleration;
    let text = key;
    if (value) text += `=${value}`;
    if (effect) text += `:${effect}`;
    if (operator === 'Exists' && !value) text += key || effect ? ' op=Exists' : 'op=Exists';
    if (tolerationSeconds !== undefined) text += ` for ${tolerationSeconds}s`;
    w.write(0, `${i === 0 ? `${indent}${title}:` : ''}\t${text}\n`);
  });
}

interface TopologySpreadConstraint {
  topologyKey: string;
  whenUnsatisfiable: string;
  maxSkew: number;
  labelSelector?: LabelSelector;
}

/** How the pods of a spec are spread. */
export function spread(w: Writer, { topologySpreadConstraints: list = [] }: { topologySpreadConstraints?: readonly TopologySpreadConstraint[] }, indent = ''): void {
  const sorted = [...list].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1));
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
    const selector = labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : '';
    w.write(0, `${i === 0 ? `${indent}Topology Spread Constraints:` : ''}\t${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}\n`);
  });
}

export const orNone = (text: string | undefined | null) => text || none;
export const yesNo = (value: boolean | undefined) => (value ? 'True' : 'False');
