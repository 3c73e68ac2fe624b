// Generated names are written `<generateName>#k`, k in order of creation, as in the recordings.
import type { KubeObject } from '../../../lib/api/index.ts';

export class Names {
  #said = new Map<string, string>();
  #actual = new Map<string, string>();
  #counts = new Map<string, number>();

  /** The recorded form of an object's name. */
  of(resource: string, object: KubeObject): string {
    const { name, generateName } = object.metadata;
    const key = `${resource}/${name}`;
    const known = this.#said.get(key);
    if (known) return known;
    const prefix = generateName ?? (object.type === 'kubernetes.io/service-account-token' && /-token-[a-z0-9]{5}$/.test(name) ? name.replace(/[^-]+$/, '') : undefined);
    if (prefix === undefined) return name;
    const count = (this.#counts.get(`${resource}/${prefix}`) ?? 0) + 1;
    this.#counts.set(`${resource}/${prefix}`, count);
    const said = `${prefix}#${count}`;
    this.#said.set(key, said);
    this.#actual.set(`${resource}/${said}`, name);
    return said;
  }

  /** The name that was really generated. */
  actual(resource: string, said: string): string {
    return this.#actual.get(`${resource}/${said}`) ?? said;
  }

  /** A text with recorded names in place of generated ones. */
  text(text: string): string {
    let out = text;
    for (const [key, said] of this.#said) out = out.replaceAll(key.slice(key.indexOf('/') + 1), said);
    return out;
  }
}
