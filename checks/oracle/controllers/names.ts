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
    const prefix = generateName === undefined || isOrdinal(object) ? numbered(object) : this.text(generateName);
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

  /** A text with recorded names in place of generated ones; a name may begin with another, which comes later. */
  text(text: string): string {
    let out = text;
    const names = [...this.#said].map(([key, said]) => [key.slice(key.indexOf('/') + 1), said] as const);
    for (const [name, said] of names.sort(([a], [b]) => b.length - a.length)) out = out.replaceAll(name, said);
    return out;
  }
}

/** A pod of a stateful set has the beginning of its name, too, but its number is its own. */
const isOrdinal = ({ metadata: { name, generateName, ownerReferences, labels } }: KubeObject) =>
  labels?.['statefulset.kubernetes.io/pod-name'] === name || (/^\d+$/.test(name.slice(generateName!.length)) && (ownerReferences ?? []).some(({ kind }) => kind === 'StatefulSet'));

/** Names that are made without generateName, and that differ all the same: tokens, jobs of cron jobs. */
function numbered({ type, kind, metadata: { name, ownerReferences } }: KubeObject): string | undefined {
  const ofCronJob = kind === 'Job' && ownerReferences?.some((owner) => owner.controller && owner.kind === 'CronJob');
  const isToken = type === 'kubernetes.io/service-account-token' && /-token-[a-z0-9]{5}$/.test(name);
  return ofCronJob || isToken ? name.replace(/[^-]+$/, '') : undefined;
}
