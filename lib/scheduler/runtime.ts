// Runs the plugins of a profile: filters for one node, scores for many. Remembers what local plugins answered.
import { alike, type Handle, type NodeNames, type Plugin, type PluginFactory, skip, type Status } from './framework.ts';
import { Memory } from './memory.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo, PodShape } from './pod-info.ts';

/** A plugin of a profile. The weight multiplies its normalized scores. */
export interface ProfileEntry {
  plugin: Plugin | PluginFactory;
  weight?: number;
}

export interface Scorer {
  readonly plugin: Plugin;
  readonly weight: number;
}

/** A filter with its place in the profile. */
export interface PlacedFilter {
  readonly plugin: Plugin;
  readonly place: number;
}

/** A filter's refusal and whose it is. */
export interface Refusal extends Status {
  readonly plugin: string;
}

/** The only nodes to look at, and the plugins that say so. */
export interface NamedNodes extends NodeNames {
  readonly plugins: readonly string[];
}

export interface FrameworkOptions {
  /** Plugins beside those of the profile, asked after them. */
  plugins?: readonly (Plugin | PluginFactory)[];
  /** Names of plugins to leave out. */
  disable?: readonly string[];
  /** Weights by name of plugin, instead of the profile's; 0 leaves out its score. */
  weights?: Readonly<Record<string, number>>;
  /** False: every plugin is asked every time (slower, same answers). */
  remember?: boolean;
}

const maxMemories = 32;

export class Framework {
  readonly handle: Handle;
  readonly plugins: readonly Plugin[];
  readonly filters: readonly Plugin[];
  readonly scorers: readonly Scorer[];
  readonly #preFilters: readonly Plugin[];
  readonly #remember: boolean;
  /** What was found out about the shapes that came last. */
  #memories = new Map<PodShape, Memory>();
  #memory: Memory | undefined;
  #totals = new Float64Array(0);
  #skipped = new Set<Plugin>();
  /** Filters that must be asked for every pod, with their place in the profile. */
  #asked: PlacedFilter[] = [];
  readonly #allFilters: PlacedFilter[];
  readonly #askedFilters: PlacedFilter[];
  readonly #askedScorers: Scorer[];

  constructor(profile: readonly ProfileEntry[], handle: Handle, { remember = true, plugins = [], disable = [], weights = {} }: FrameworkOptions = {}) {
    this.handle = handle;
    this.#remember = remember;
    const entries = [...profile, ...plugins.map((plugin): ProfileEntry => ({ plugin }))]
      .map(({ plugin, weight = 1 }) => ({ plugin: typeof plugin === 'function' ? plugin(handle) : plugin, weight }))
      .filter(({ plugin }) => !disable.includes(plugin.name))
      .map(({ plugin, weight }) => ({ plugin, weight: weights[plugin.name] ?? weight }));
    this.plugins = entries.map(({ plugin }) => plugin);
    this.filters = this.plugins.filter((plugin) => plugin.filter);
    this.scorers = entries.filter(({ plugin, weight }) => plugin.score && weight > 0);
    this.#allFilters = this.filters.map((plugin, place) => ({ plugin, place }));
    this.#askedFilters = this.#allFilters.filter(({ plugin }) => !plugin.local);
    this.#askedScorers = this.scorers.filter(({ plugin }) => !plugin.local);
    this.#preFilters = this.plugins.filter((plugin) => plugin.preFilter);
  }

  /** Starts with a pod. A refusal holds for all nodes; node names leave out all others. */
  preFilter(pod: PodInfo): Refusal | NamedNodes | undefined {
    this.#skipped.clear();
    let only: NamedNodes | undefined;
    for (const plugin of this.#preFilters) {
      const answer = plugin.preFilter!(pod);
      if (!answer) continue;
      if ('nodeNames' in answer) {
        const { nodeNames } = answer;
        only = only
          ? { nodeNames: new Set([...only.nodeNames].filter((name) => nodeNames.has(name))), plugins: [...only.plugins, plugin.name] }
          : { nodeNames, plugins: [plugin.name] };
      } else if (answer.code === 'Skip') this.#skipped.add(plugin);
      else return { ...answer, plugin: plugin.name };
    }
    this.#memory = this.#remember ? this.#recall(pod) : undefined;
    this.#asked = this.#memory ? this.#askedFilters : this.#allFilters;
    if (this.#skipped.size > 0) this.#asked = this.#asked.filter(({ plugin }) => !this.#skipped.has(plugin));
    return only;
  }

  /** The first refusal in the order of the profile, undefined when the pod fits the node. */
  filter(pod: PodInfo, node: NodeInfo): Refusal | undefined {
    const remembered = this.#memory?.refusals[node.index];
    for (const { plugin, place } of this.#asked) {
      if (remembered && remembered.place < place) break;
      const status = plugin.filter!(pod, node);
      if (status) return { ...status, plugin: plugin.name };
    }
    return remembered;
  }

  /** All refusals, where they are known without asking. */
  get decided(): Pick<Memory, 'refused' | 'refusals'> | undefined {
    return this.#asked.length === 0 ? this.#memory : undefined;
  }

  /** Every plugin's verdict on one node, in the order of the profile. */
  filterAll(pod: PodInfo, node: NodeInfo): { plugin: string; status: Status | undefined }[] {
    return this.filters.map((plugin) => ({ plugin: plugin.name, status: this.#skipped.has(plugin) ? undefined : plugin.filter!(pod, node) }));
  }

  /** Prepares the scoring of these nodes; returns the plugins that have something to say. */
  preScore(pod: PodInfo, nodes: readonly NodeInfo[]): readonly Scorer[] {
    return this.scorers.filter(({ plugin }) => plugin.preScore?.(pod, nodes) !== skip);
  }

  /** A plugin's raw scores of the nodes. */
  raw(plugin: Plugin, pod: PodInfo, nodes: readonly NodeInfo[]): Float64Array {
    const out = new Float64Array(nodes.length);
    for (let i = 0; i < out.length; i++) out[i] = plugin.score!(pod, nodes[i]!);
    return out;
  }

  /**
   * The weighted sum of all normalized scores, in the order of `nodes`, but for what all nodes would get alike.
   * The array holds until the next call.
   */
  totals(pod: PodInfo, nodes: readonly NodeInfo[]): Float64Array {
    if (this.#totals.length !== nodes.length) this.#totals = new Float64Array(nodes.length);
    const totals = this.#totals;
    if (this.#memory) this.#memory.sums(nodes, totals);
    else totals.fill(0);
    for (const { plugin, weight } of this.#speaking(pod, nodes)) {
      if (plugin.addScores && this.#remember) {
        plugin.addScores(totals, weight, nodes);
        continue;
      }
      const scores = this.raw(plugin, pod, nodes);
      plugin.normalize?.(scores, nodes);
      for (let i = 0; i < totals.length; i++) totals[i]! += weight * scores[i]!;
    }
    return totals;
  }

  /** The scorers to ask anew: those that are not remembered and do not give all nodes the same. */
  #speaking(pod: PodInfo, nodes: readonly NodeInfo[]): Scorer[] {
    const out: Scorer[] = [];
    for (const scorer of this.#memory ? this.#askedScorers : this.scorers) {
      const status = scorer.plugin.preScore?.(pod, nodes);
      if (status !== skip && status !== alike) out.push(scorer);
    }
    return out;
  }

  /** A pod that is the first of its shape gets no memory: most such pods stay alone. */
  #recall(pod: PodInfo): Memory | undefined {
    const { shape } = pod;
    if (shape.seen++ === 0) return undefined;
    const { structure } = this.handle.snapshot;
    let memory = this.#memories.get(shape);
    if (memory?.structure === structure) {
      memory.refresh(pod);
      return memory;
    }
    memory = new Memory(pod, this);
    this.#memories.delete(shape);
    this.#memories.set(shape, memory);
    if (this.#memories.size > maxMemories) this.#memories.delete(this.#memories.keys().next().value!);
    return memory;
  }
}
