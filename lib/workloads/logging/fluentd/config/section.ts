// Parameters of a directive by their type (lib/fluent/config/types.rb), with Fluentd's complaints.
import { rubyRegExp } from '../ruby-regexp.ts';
import type { Element } from './element.ts';
import { ConfigError } from './error.ts';

export class Section {
  readonly element: Element;
  /** The names of those that it stands in, for messages. */
  readonly #within: readonly string[];

  constructor(element: Element, within: readonly string[] = []) {
    this.element = element;
    this.#within = within;
  }

  get arg(): string {
    return this.element.arg;
  }

  has(name: string): boolean {
    return this.element.attributes.has(name);
  }

  fail(message: string): never {
    throw new ConfigError(message, { element: this.element });
  }

  text(name: string): string | undefined;
  text(name: string, otherwise: string): string;
  text(name: string, otherwise?: string): string | undefined {
    this.element.texts.add(name);
    return this.element.get(name) ?? otherwise;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    const where = this.#within.length > 0 ? `, in section ${this.#within.join(' > ')}` : '';
    this.fail(this.has(name) ? `'${name}' parameter is required but nil is specified` : `'${name}' parameter is required${where}`);
  }

  number(name: string, otherwise: number): number {
    const value = this.element.get(name);
    return value === undefined ? otherwise : Number.parseFloat(value) || 0;
  }

  /** Bytes: `8m`. */
  size(name: string, otherwise: number): number {
    return this.#scaled(name, otherwise, { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 });
  }

  /** Milliseconds: `60`, `10s`, `1h`. */
  time(name: string): number | undefined;
  time(name: string, otherwise: number): number;
  time(name: string, otherwise?: number): number | undefined {
    if (!this.has(name)) return otherwise;
    return this.#scaled(name, 0, { s: 1, m: 60, h: 3600, d: 86_400 }) * 1000;
  }

  #scaled(name: string, otherwise: number, units: Record<string, number>): number {
    const value = this.element.get(name);
    if (value === undefined) return otherwise;
    const found = new RegExp(`([0-9]+)([${Object.keys(units).join('')}])`, 'k' in units ? 'i' : '').exec(value);
    return found ? Number(found[1]) * units[found[2]!.toLowerCase()]! : Number.parseFloat(value) || 0;
  }

  bool(name: string, otherwise: boolean): boolean {
    const value = this.element.get(name);
    if (value === undefined) return otherwise;
    if (value === '' || value === 'true' || value === 'yes' || value.startsWith('#')) return true;
    if (value === 'false' || value === 'no') return false;
    return this.fail(`'${name}' parameter is required but nil is specified`);
  }

  choice<T extends string>(name: string, options: readonly T[], otherwise: T): T {
    const value = this.element.get(name);
    if (value === undefined) return otherwise;
    if (!options.includes(value as T)) this.fail(`valid options are ${options.join(',')} but got ${value}`);
    return value as T;
  }

  array(name: string): string[] {
    const value = this.element.get(name);
    if (value === undefined) return [];
    return value.startsWith('[') ? (JSON.parse(value) as unknown[]).map(String) : value.trim().split(/\s*,\s*/);
  }

  hash(name: string): Record<string, string> | undefined {
    const value = this.element.get(name);
    if (value === undefined) return undefined;
    return value.startsWith('{') ? (JSON.parse(value) as Record<string, string>) : Object.fromEntries(value.trim().split(/\s*,\s*/).map((pair) => pair.split(/:(.*)/s, 2) as [string, string]));
  }

  regExp(name: string): RegExp {
    const value = this.element.get(name);
    if (value === undefined) this.required(name);
    try {
      return rubyRegExp(value!);
    } catch (error) {
      return this.fail((error as Error).message);
    }
  }

  sections(name: string): Section[] {
    return this.element.named(name).map((one) => new Section(one, [...this.#within, name]));
  }

  /** At most one. */
  section(name: string): Section | undefined {
    const found = this.sections(name);
    if (found.length > 1) this.fail(`'<${name}>' section cannot be written twice or more`);
    return found[0];
  }
}
