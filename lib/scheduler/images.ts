// Which node has which image.
import type { ContainerImage } from 'kubernetes-types/core/v1';
import type { NodeInfo } from './node-info.ts';

export interface ImageState {
  /** Bytes, as the first node that had it reported. */
  readonly size: number;
  readonly nodes: Set<NodeInfo>;
}

export class Images {
  #byName = new Map<string, ImageState>();
  #ofNode = new Map<NodeInfo, readonly ContainerImage[]>();

  get(name: string): ImageState | undefined {
    return this.#byName.get(name);
  }

  set(node: NodeInfo, images: readonly ContainerImage[] | undefined): void {
    const old = this.#ofNode.get(node);
    if (old === images) return;
    for (const name of namesOf(old)) {
      const state = this.#byName.get(name);
      state?.nodes.delete(node);
      if (state?.nodes.size === 0) this.#byName.delete(name);
    }
    if (!images) {
      this.#ofNode.delete(node);
      return;
    }
    this.#ofNode.set(node, images);
    for (const image of images) {
      for (const name of image.names ?? []) {
        let state = this.#byName.get(name);
        if (!state) this.#byName.set(name, (state = { size: image.sizeBytes ?? 0, nodes: new Set() }));
        state.nodes.add(node);
      }
    }
  }
}

function* namesOf(images: readonly ContainerImage[] | undefined): Iterable<string> {
  for (const { names } of images ?? []) if (names) yield* names;
}
