// The plugins in their order, each asked only about the kinds it has a word in.
import type { Resource } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';

export class AdmissionChain {
  #all: readonly Admission[];
  #byResource = new Map<Resource, readonly Admission[]>();

  constructor(all: readonly Admission[]) {
    this.#all = all;
  }

  /** May change the object; throws when one of them refuses. */
  admit(attributes: Attributes): void {
    const plugins = this.#for(attributes.request.resource);
    for (let i = 0; i < plugins.length; i++) plugins[i]!.admit?.(attributes);
  }

  /** Looks at what will be stored; throws when one of them refuses. */
  validate(attributes: Attributes): void {
    const plugins = this.#for(attributes.request.resource);
    for (let i = 0; i < plugins.length; i++) plugins[i]!.validate?.(attributes);
  }

  #for(resource: Resource): readonly Admission[] {
    let plugins = this.#byResource.get(resource);
    if (!plugins) this.#byResource.set(resource, (plugins = this.#all.filter(({ kinds }) => !kinds || kinds.includes(resource.kind))));
    return plugins;
  }
}
