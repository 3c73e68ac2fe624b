// Collects what is wrong with an object. Paths become text only when there is something to say.
import { type FieldError, duplicate, forbiddenField, invalid, notFoundValue, notSupported, required } from '../../field-error.ts';
import type { Version } from '../../version.ts';

/** A path to a field: `spec.containers[0].name`. */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #step: string | number;
  readonly #isKey: boolean;

  constructor(step: string | number, parent?: FieldPath, isKey = false) {
    this.#step = step;
    this.#parent = parent;
    this.#isKey = isKey;
  }

  child(name: string): FieldPath {
    return new FieldPath(name, this);
  }

  index(i: number): FieldPath {
    return new FieldPath(i, this);
  }

  /** A key of a map: `requests[cpu]`. */
  key(name: string): FieldPath {
    return new FieldPath(name, this, true);
  }

  toString(): string {
    const before = this.#parent ? this.#parent.toString() : '';
    if (this.#isKey || typeof this.#step === 'number') return `${before}[${this.#step}]`;
    return before ? `${before}.${this.#step}` : this.#step;
  }
}

/** The errors of one object, in the order in which Kubernetes finds them. */
export class Problems {
  readonly list: FieldError[] = [];
  readonly version: Version;

  constructor(version: Version) {
    this.version = version;
  }

  required(at: FieldPath, detail = ''): void {
    this.list.push(required(at.toString(), detail));
  }

  invalid(at: FieldPath, value: unknown, detail: string): void {
    this.list.push(invalid(at.toString(), value, detail));
  }

  /** An invalid value that Go prints in its own syntax, see go-text.ts. */
  invalidText(at: FieldPath, text: string, detail: string): void {
    this.list.push({ type: 'FieldValueInvalid', field: at.toString(), message: `Invalid value: ${text}: ${detail}` });
  }

  /** One error for each message of a check of names.ts. */
  each(at: FieldPath, value: unknown, messages: readonly string[]): void {
    for (const message of messages) this.invalid(at, value, message);
  }

  duplicate(at: FieldPath, value: unknown): void {
    this.list.push(duplicate(at.toString(), value));
  }

  notFound(at: FieldPath, value: unknown): void {
    this.list.push(notFoundValue(at.toString(), value));
  }

  forbidden(at: FieldPath, detail: string): void {
    this.list.push(forbiddenField(at.toString(), detail));
  }

  notSupported(at: FieldPath, value: unknown, supported: readonly string[]): void {
    this.list.push(notSupported(at.toString(), value, supported));
  }

  tooLong(at: FieldPath, max: number): void {
    const detail = this.version.has('too-long-may-not-be') ? `may not be more than ${max} bytes` : `must have at most ${max} bytes`;
    this.list.push({ type: 'FieldValueTooLong', field: at.toString(), message: `Too long: ${detail}` });
  }

  nonNegative(at: FieldPath, name: string, value: number | undefined): void {
    if (value !== undefined && value < 0) this.invalid(at.child(name), value, 'must be greater than or equal to 0');
  }
}

export const metadataPath = new FieldPath('metadata');
export const annotationsPath = metadataPath.child('annotations');
export const specPath = new FieldPath('spec');
export const statusPath = new FieldPath('status');
