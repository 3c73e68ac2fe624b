// Which autoscalers which pods belong to: two at one set of pods pull it to and fro (pkg/controller/util/selectors).
import { nothing, parseSelector, type Pod, type Selector, type Version } from '../../api/index.ts';
import { type Key, keyText } from '../../client/index.ts';

export class Selectors {
  /** By namespace, then by the autoscaler's name. */
  #namespaces = new Map<string, Map<string, Selector>>();

  /** Until it was looked at for the first time, an autoscaler selects nothing. */
  add({ namespace = '', name }: Key): void {
    const known = this.#namespaces.get(namespace) ?? new Map<string, Selector>();
    this.#namespaces.set(namespace, known);
    if (!known.has(name)) known.set(name, nothing);
  }

  set({ namespace = '', name }: Key, text: string, version: Version): void {
    const known = this.#namespaces.get(namespace);
    if (known?.has(name)) known.set(name, parseSelector(text, version));
  }

  delete({ namespace = '', name }: Key): void {
    this.#namespaces.get(namespace)?.delete(name);
  }

  /** `[default/a default/b]`, when more than one of them selects one of these pods. */
  rivals(pods: readonly Pod[]): string | undefined {
    const found = new Set<string>();
    for (const { metadata } of pods) {
      for (const [name, selector] of this.#namespaces.get(metadata.namespace ?? '') ?? []) if (selector.matches(metadata.labels ?? {})) found.add(keyText({ namespace: metadata.namespace, name }));
    }
    return found.size > 1 ? `[${[...found].sort().join(' ')}]` : undefined;
  }
}
