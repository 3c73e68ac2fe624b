// A directive of a configuration, `<match a.**> … </match>`, with its parameters and what stands inside.

export class Element {
  readonly name: string;
  readonly arg: string;
  /** Undefined: nil. */
  readonly attributes = new Map<string, string | undefined>();
  readonly elements: Element[] = [];
  /** Parameters that somebody asked for; of the others Fluentd warns. */
  readonly used = new Set<string>();
  /** Parameters that are known to be text: they are shown in quotes. */
  readonly texts = new Set<string>();

  constructor(name: string, arg = '') {
    this.name = name;
    this.arg = arg;
  }

  named(...names: string[]): Element[] {
    return this.elements.filter(({ name }) => names.includes(name));
  }

  get(name: string): string | undefined {
    this.used.add(name);
    return this.attributes.get(name);
  }

  /** As Fluentd writes it into its log. */
  toString(depth = 0): string {
    const indent = '  '.repeat(depth);
    const lines = [...this.attributes].map(([name, value]) => `${indent}  ${name} ${value === undefined ? '' : this.texts.has(name) ? `"${escaped(value)}"` : value}\n`);
    return `${indent}<${this.name}${this.arg ? ` ${this.arg}` : ''}>\n${lines.join('')}${this.elements.map((one) => one.toString(depth + 1)).join('')}${indent}</${this.name}>\n`;
  }

  /** Parameters that nobody asked for, with where they stand. */
  *unused(): Iterable<{ name: string; element: Element }> {
    for (const name of this.attributes.keys()) if (!this.used.has(name)) yield { name, element: this };
    for (const one of this.elements) yield* one.unused();
  }
}

const escapes: Record<string, string> = { '"': '\\"', "'": "\\'", '\\': '\\\\', '\r': '\\r', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\b': '\\b' };
const escaped = (text: string) => text.replace(/["'\\\r\n\t\f\b]/g, (one) => escapes[one]!);
