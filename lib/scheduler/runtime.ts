// Runs the plugins of a profile: filters for one node, scores for many. Remembers what local plugins answered.
import type { Diagnosis } from './fit-error.ts';
import { alike, type ClusterView, type Handle, type NodeNames, type Plugin, type PluginFactory, skip, type Status } from './framework.ts';
import { Memory } from './memory.ts';
import type { NodeInfo } from './node-info.ts';
import { type PodInfo, podKey, type PodShape } from './pod-info.ts';
import type { PostFilterResult } from './preemption/result.ts';
import { Trial } from './trial.ts';

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
  readonly #postFilters: readonly Plugin[];
  /** Plugins that are told of the pods of a trial. */
  readonly #counting: readonly Plugin[];
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

  constructor(profile: readonly ProfileEntry[], view: ClusterView, { remember = true, plugins = [], disable = [], weights = {} }: FrameworkOptions = {}) {
    const handle: Handle = { ...view, try: (pod, node) => this.try(pod, node) };
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
    this.#postFilters = this.plugins.filter((plugin) => plugin.postFilter);
    this.#counting = this.plugins.filter((plugin) => plugin.addPod || plugin.removePod);
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
    if (this.handle.nominator.size > 0 && this.#nominated(pod, node).length > 0) return this.#tried(pod, node);
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
    return this.#asked.length === 0 && this.handle.nominator.size === 0 ? this.#memory : undefined;
  }

  /** A trial of the pod that preFilter was asked about last. It must be ended. */
  try(pod: PodInfo, node: NodeInfo): Trial {
    return new Trial({ pod, node, snapshot: this.handle.snapshot, plugins: this.#counting, filter: (trial) => this.#filterTrial(trial) });
  }

  /** What is to be done about a pod that fits nowhere. */
  postFilter(pod: PodInfo, diagnosis: Diagnosis): PostFilterResult | undefined {
    for (const plugin of this.#postFilters) {
      const result = plugin.postFilter!(pod, diagnosis);
      if (result) return result;
    }
    return undefined;
  }

  #tried(pod: PodInfo, node: NodeInfo): Refusal | undefined {
    const trial = this.try(pod, node);
    const refusal = this.#filterTrial(trial);
    trial.end();
    return refusal;
  }

  /**
   * The pod must fit beside the pods that were promised the node, and also without them: they may end up elsewhere.
   * The second round is for wishes to be near pods that are not there yet.
   */
  #filterTrial(trial: Trial): Refusal | undefined {
    const nominated = this.#nominated(trial.pod, trial.node);
    if (nominated.length === 0) return this.#refusal(trial, false);
    for (const other of nominated) trial.add(other);
    const refusal = this.#refusal(trial, true);
    for (const other of nominated) trial.remove(other);
    return refusal ?? this.#refusal(trial, false);
  }

  #refusal({ pod, node }: Trial, beside: boolean): Refusal | undefined {
    // A plugin that had nothing to say may have something to say about a pod that was added.
    const askAll = beside && !this.handle.version.has('prefilter-skip');
    for (const { plugin } of this.#allFilters) {
      if (this.#skipped.has(plugin) && !(askAll && plugin.addPod)) continue;
      const status = plugin.filter!(pod, node);
      if (status) return { ...status, plugin: plugin.name };
    }
    return undefined;
  }

  /** Pods of no lower priority that wait for a place on this node. */
  #nominated({ pod }: PodInfo, node: NodeInfo): PodInfo[] {
    const { nominator, snapshot } = this.handle;
    const others = nominator.on(node.name).filter((other) => (other.spec.priority ?? 0) >= (pod.spec.priority ?? 0) && podKey(other) !== podKey(pod));
    return others.map((other) => snapshot.info(other));
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
