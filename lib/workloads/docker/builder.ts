// Builds an image from a Dockerfile, step by step; a step whose ground did not change is taken from the cache.
import { DirectoryNode, resolvePath } from '../../machine/index.ts';
import { type Image, type Layer, sha } from '../images.ts';
import { difference, union } from '../layers.ts';
import { InvalidReference } from '../reference.ts';
import { BuildError } from './build-error.ts';
import { at, makeWay } from './context.ts';
import { checksum, copyInto, type CopyRequest, MissingSource, ownerOf } from './copy-step.ts';
import { configure } from './configure.ts';
import { DockerfileError, type Instruction, parseDockerfile, words } from './dockerfile.ts';
import { type Draft, draftOf, imageOf, layerOf } from './draft.ts';
import { expand } from './expand.ts';
import { runStep, type RunParts } from './run-step.ts';
import { neededStages, type Stage, stagesOf } from './stages.ts';

/** What happened in a step, for whoever tells of it. */
export interface Step {
  instruction: Instruction;
  stage: Stage;
  /** As it is told: variables have their values. */
  text: string;
  /** In the stage, from 1; undefined for what only changes the configuration. */
  index?: number;
  cached: boolean;
  took: number;
  output: string;
  /** The base that FROM named, and whether it had to be downloaded. */
  base?: { name: string; image: Image | undefined; missing: readonly Layer[]; stage?: boolean };
  /** Id of the image so far. */
  result: string;
}

export interface BuildRequest {
  dockerfile: string;
  context: DirectoryNode;
  args: ReadonlyMap<string, string>;
  target?: string | undefined;
  noCache?: boolean;
  /** BuildKit builds only the stages it needs, and a change of CMD and its like leaves later steps in the cache. */
  buildKit: boolean;
}

/** The image behind a FROM, brought here; throws BuildError. Yields while it waits. */
export type Fetch = (name: string, step: { instruction: Instruction }) => Generator<number, { image: Image; missing: readonly Layer[] }>;

interface Cached {
  layer: Layer | undefined;
  created: number;
}

export type BuildCache = Map<string, Cached>;

export interface BuildResult {
  image?: Image;
  steps: Step[];
  stages: Stage[];
  error?: BuildError;
}

export class Builder {
  readonly #request: BuildRequest;
  readonly #parts: RunParts & { fetch: Fetch; cache: BuildCache };
  readonly #done = new Map<Stage, Draft>();
  readonly steps: Step[] = [];
  #stages: Stage[] = [];

  constructor(request: BuildRequest, parts: RunParts & { fetch: Fetch; cache: BuildCache }) {
    this.#request = request;
    this.#parts = parts;
  }

  *build(): Generator<number, BuildResult> {
    const { steps } = this;
    try {
      const image = yield* this.#build();
      return { image, steps, stages: this.#stages };
    } catch (error) {
      if (error instanceof DockerfileError) return { error: new BuildError('dockerfile', error.message, { ...(error.line && { line: error.line }) }), steps, stages: this.#stages };
      if (error instanceof BuildError) return { error, steps, stages: this.#stages };
      throw error;
    }
  }

  *#build(): Generator<number, Image> {
    const { dockerfile, target, args, buildKit } = this.#request;
    this.#stages = stagesOf(parseDockerfile(dockerfile), args);
    const last = target === undefined ? this.#stages.at(-1)! : this.#stages.find(({ name }) => name.toLowerCase() === target.toLowerCase());
    if (!last) throw new BuildError('target', `target stage ${JSON.stringify(target)} could not be found`);
    const needed = buildKit ? neededStages(last, this.#stages) : this.#stages.slice(0, last.index + 1);
    for (const stage of needed) this.#done.set(stage, yield* this.#stage(stage));
    const draft = this.#done.get(last)!;
    return imageOf(draft, draft.history.at(-1)?.created ?? this.#parts.clock.now);
  }

  *#stage(stage: Stage): Generator<number, Draft> {
    const draft = yield* this.#from(stage);
    let index = 1;
    for (const instruction of stage.instructions) {
      const started = this.#parts.clock.now;
      const step: Step = { instruction, stage, text: instruction.name === 'RUN' ? told(instruction) : expand(told(instruction), scope(draft)), cached: false, took: 0, output: '', result: '' };
      if (/^(RUN|COPY|ADD|WORKDIR)$/.test(instruction.name)) step.index = ++index;
      this.steps.push(step);
      yield* this.#step(step, draft);
      step.took += this.#parts.clock.now - started;
      step.result = sha(draft.key);
    }
    return draft;
  }

  *#from(stage: Stage): Generator<number, Draft> {
    const { base, from } = stage;
    const step: Step = { instruction: from, stage, text: `FROM ${base}`, index: 1, cached: false, took: 0, output: '', result: '' };
    const earlier = this.#stages.find(({ name, index }) => name.toLowerCase() === base.toLowerCase() && index < stage.index);
    const parent = earlier && this.#done.get(earlier);
    this.steps.push(step);
    if (parent) {
      step.base = { name: base, image: undefined, missing: [], stage: true };
      step.result = sha(parent.key);
      return { ...parent, layers: [...parent.layers], history: [...parent.history], env: new Map(parent.env), args: new Map(stage.globals), ports: [...parent.ports], ownCommand: false };
    }
    const started = this.#parts.clock.now;
    let fetched: { image?: Image; missing: readonly Layer[] } = { missing: [] };
    if (base !== 'scratch') fetched = yield* this.#fetch(base, from);
    step.took = this.#parts.clock.now - started;
    step.base = { name: base, image: fetched.image, missing: fetched.missing };
    const draft = draftOf(fetched.image);
    step.result = fetched.image?.id ?? '';
    return draft;
  }

  *#fetch(name: string, instruction: Instruction): Generator<number, { image: Image; missing: readonly Layer[] }> {
    try {
      return yield* this.#parts.fetch(name, { instruction });
    } catch (error) {
      if (error instanceof InvalidReference) throw new BuildError('reference', `failed to parse stage name ${JSON.stringify(name)}: ${error.message}`, { instruction });
      throw error;
    }
  }

  *#step(step: Step, draft: Draft): Generator<number, void> {
    const { instruction } = step;
    switch (instruction.name) {
      case 'RUN':
        return yield* this.#run(step, draft);
      case 'COPY':
      case 'ADD':
        return yield* this.#copy(step, draft);
      case 'WORKDIR':
        return this.#workdir(step, draft);
      default:
        return configure(instruction, draft, { args: this.#request.args, globals: step.stage.globals, now: this.#parts.clock.now, buildKit: this.#request.buildKit });
    }
  }

  *#run(step: Step, draft: Draft): Generator<number, void> {
    const { instruction } = step;
    const argv = instruction.list ?? ['/bin/sh', '-c', instruction.rest];
    const by = `RUN ${[...draft.args].map(([name, value]) => `${name}=${value} `).join('')}${argv.join(' ')}`;
    const key = `${draft.key}|${by}|${draft.user ?? ''}`;
    if (this.#fromCache(key, step, draft, by)) return;
    const tree = union([draft.tree]);
    const { exitCode, output } = yield* runStep(argv, { tree, draft, parts: this.#parts });
    step.output = output;
    if (exitCode !== 0) throw new BuildError('run', argv.join(' '), { instruction, exitCode, output });
    this.#lay(key, { layer: difference(draft.tree, tree), tree }, draft, by);
  }

  *#copy(step: Step, draft: Draft): Generator<number, void> {
    const { instruction } = step;
    const all = (instruction.list ?? words(instruction.rest)).map((word) => expand(word.replace(/^["']|["']$/g, ''), scope(draft)));
    const request: CopyRequest = { from: yield* this.#source(instruction), paths: all.slice(0, -1), to: all.at(-1)!, owner: ownerOf(instruction.flags, draft) };
    const outside = request.paths.find((path) => escapes(path));
    if (outside !== undefined && !this.#request.buildKit && !instruction.flags['from']) throw new BuildError('outside', outside, { instruction });
    try {
      const by = `${instruction.name} ${all.join(' ')}`;
      const key = `${draft.key}|${by}|${sha(checksum(request))}|${instruction.flags['chown'] ?? ''}${instruction.flags['chmod'] ?? ''}`;
      if (this.#fromCache(key, step, draft, by)) return;
      const tree = union([draft.tree]);
      copyInto(tree, request, { workingDir: draft.workingDir, now: this.#parts.clock.now });
      this.#lay(key, { layer: difference(draft.tree, tree), tree }, draft, by);
    } catch (error) {
      if (!(error instanceof MissingSource)) throw error;
      throw new BuildError('missing', error.path, { instruction });
    }
  }

  *#source({ flags, ...instruction }: Instruction): Generator<number, DirectoryNode> {
    const name = flags['from'];
    if (name === undefined) return this.#request.context;
    const stage = this.#stages.find((one) => one.name.toLowerCase() === name.toLowerCase() || String(one.index) === name);
    const draft = stage && this.#done.get(stage);
    if (draft) return draft.tree;
    const { image } = yield* this.#fetch(name, { ...instruction, flags });
    return draftOf(image).tree;
  }

  #workdir(step: Step, draft: Draft): void {
    const path = resolvePath(expand(step.instruction.rest, scope(draft)), draft.workingDir);
    draft.workingDir = path;
    const by = `WORKDIR ${path}`;
    const key = `${draft.key}|${by}`;
    if (this.#fromCache(key, step, draft, by)) return;
    const tree = union([draft.tree]);
    if (at(tree, path)?.kind !== 'directory') makeWay(tree, path, this.#parts.clock.now);
    this.#lay(key, { layer: difference(draft.tree, tree), tree }, draft, by);
  }

  #fromCache(key: string, step: Step, draft: Draft, by: string): boolean {
    const cached = this.#request.noCache ? undefined : this.#parts.cache.get(key);
    if (!cached) return false;
    step.cached = true;
    this.#append(key, cached, draft, by);
    if (cached.layer?.files) draft.tree = union([draft.tree, cached.layer.files()]);
    return true;
  }

  #lay(key: string, { layer, tree }: { layer: DirectoryNode | undefined; tree: DirectoryNode }, draft: Draft, by: string): void {
    // A step that changed nothing still has a layer: an empty one.
    const made = { layer: layerOf(layer ?? new DirectoryNode()), created: this.#parts.clock.now };
    this.#parts.cache.set(key, made);
    this.#append(key, made, draft, by);
    draft.tree = tree;
  }

  #append(key: string, { layer, created }: Cached, draft: Draft, by: string): void {
    const { buildKit } = this.#request;
    if (layer) draft.layers.push(layer);
    draft.history.push({ created, by: buildKit ? `${by}${by.startsWith('WORKDIR') ? '' : ' # buildkit'}` : legacy(by), ...(layer && { layer }), ...(buildKit && { comment: 'buildkit.dockerfile.v0' }) });
    draft.key = sha(key);
  }
}

const told = ({ name, flags, rest }: Instruction) => [name, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), rest].join(' ').replace(/\s+/g, ' ').trim();

/** What variables a Dockerfile's own words may name. */
const scope = ({ args, env }: Draft) => new Map([...args, ...env]);

const legacy = (by: string) => (by.startsWith('RUN ') ? by.slice(4) : `/bin/sh -c #(nop) ${by.startsWith('WORKDIR') ? '' : ' '}${by}`);

/** A path that leads out of the directory it starts in. */
function escapes(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..' && --depth < 0) return true;
    if (part && part !== '.' && part !== '..') depth++;
  }
  return false;
}
