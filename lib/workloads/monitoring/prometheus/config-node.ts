// A mapping of prometheus.yml: its fields by type, and complaint about those that do not belong there.
import { isMap, isScalar, isSeq, type LineCounter, type YAMLMap } from 'yaml';
import { durationOf } from './api.ts';

/** What Prometheus says of a configuration that it does not take. */
export class ConfigError extends Error {}

export class ConfigNode {
  readonly #map: YAMLMap | undefined;
  readonly #lines: LineCounter;

  /** `type`: what Prometheus calls it in Go. Throws a ConfigError for a field that is not one of `fields`. */
  constructor(map: unknown, lines: LineCounter, { type, fields }: { type: string; fields: readonly string[] }) {
    this.#map = isMap(map) ? map : undefined;
    this.#lines = lines;
    for (const { key } of this.#map?.items ?? []) {
      const name = isScalar(key) ? String(key.value) : String(key);
      if (fields.includes(name)) continue;
      const { line } = lines.linePos(isScalar(key) ? (key.range?.[0] ?? 0) : 0);
      throw new ConfigError(`yaml: unmarshal errors:\n  line ${line}: field ${name} not found in type ${type}`);
    }
  }

  has(name: string): boolean {
    return this.#map?.has(name) ?? false;
  }

  text(name: string): string | undefined;
  text(name: string, otherwise: string): string;
  text(name: string, otherwise?: string): string | undefined {
    const value = this.#map?.get(name);
    return value === undefined || value === null ? otherwise : String(value);
  }

  bool(name: string, otherwise = false): boolean {
    const value = this.#map?.get(name);
    return typeof value === 'boolean' ? value : otherwise;
  }

  duration(name: string, otherwise: number): number {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    const found = /^\d+$/.test(value) ? (value === '0' ? 0 : undefined) : durationOf(value);
    if (found === undefined) throw new ConfigError(`not a valid duration string: ${JSON.stringify(value)}`);
    return found;
  }

  texts(name: string): string[] {
    const value = this.#map?.get(name, true);
    return isSeq(value) ? value.items.map((one) => String(isScalar(one) ? one.value : one)) : [];
  }

  record(name: string): Record<string, string> {
    const value = this.#map?.get(name, true);
    return isMap(value) ? Object.fromEntries(value.items.map(({ key, value: one }) => [String(isScalar(key) ? key.value : key), String(isScalar(one) ? one.value : one)])) : {};
  }

  child(name: string, kind: { type: string; fields: readonly string[] }): ConfigNode {
    return new ConfigNode(this.#map?.get(name, true), this.#lines, kind);
  }

  children(name: string, kind: { type: string; fields: readonly string[] }): ConfigNode[] {
    const value = this.#map?.get(name, true);
    return isSeq(value) ? value.items.map((one) => new ConfigNode(one, this.#lines, kind)) : [];
  }
}
