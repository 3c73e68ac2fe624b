// docker build.
import { contentOf, DirectoryNode, joinPath, resolvePath } from '../../../machine/index.ts';
import type { Image, Layer } from '../../images.ts';
import { familiarName, fullName, InvalidReference, parseReference } from '../../reference.ts';
import { BuildError } from '../build-error.ts';
import { Builder, type BuildRequest, type BuildResult, type Fetch } from '../builder.ts';
import { buildKitOutput } from '../buildkit-output.ts';
import { contextBytes, contextOf } from '../context.ts';
import { type Instruction, parseDockerfile } from '../dockerfile.ts';
import type { DockerEngine } from '../engine.ts';
import { legacyOutput } from '../legacy-output.ts';
import { type Context, type DockerCommand, Failure } from './command.ts';
import { pullImage } from './pull.ts';

export const build: DockerCommand = {
  usage: 'docker buildx build [OPTIONS] PATH | URL | -',
  short: 'Start a build',
  flags: { tag: { short: 't', value: true }, file: { short: 'f', value: true }, 'build-arg': { value: true }, target: { value: true }, 'no-cache': {}, quiet: { short: 'q' }, pull: {}, progress: { value: true }, platform: { value: true } },
  min: 1,
  max: 1,
  *run(context) {
    const { engine, options, io } = context;
    const names = options.all('tag').map((text) => tagOf(text, engine));
    const prepared = prepare(context);
    if (prepared.dockerfile === undefined) {
      if (engine.release.buildKit) io.err(buildKitOutput({ steps: [], stages: [] }, { ...prepared, contextBytes: 0, names: [] }));
      else io.err(`unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${joinPath(prepared.path, prepared.file)}: no such file or directory\n`);
      return 1;
    }
    const request: BuildRequest = { dockerfile: prepared.dockerfile, context: prepared.tree, args: argsOf(options.all('build-arg')), target: options.get('target'), noCache: options.has('no-cache'), buildKit: engine.release.buildKit };
    const pulls = new Map<Instruction, string>();
    const result: BuildResult = yield* new Builder(request, { ...engine.buildParts, fetch: fetchWith(engine, pulls), cache: engine.buildCache }).build();
    if (result.image) keep(engine, result.image, names);
    if (options.has('quiet') && result.image) io.out(`${result.image.id}\n`);
    else tell(context, result, { ...prepared, dockerfile: prepared.dockerfile, names, pulls });
    return result.error ? (engine.release.buildKit ? 1 : result.error.problem === 'run' ? result.error.exitCode : 1) : 0;
  },
};

function tell({ engine, io }: Context, result: BuildResult, { tree, file, dockerfile, names, pulls }: { tree: DirectoryNode; file: string; dockerfile: string; names: readonly string[]; pulls: ReadonlyMap<Instruction, string> }): void {
  const bytes = contextBytes(tree);
  if (engine.release.buildKit) return io.err(buildKitOutput(result, { file, dockerfile, contextBytes: bytes, names: names.map((name) => fullName(parseReference(name))) }));
  const total = result.error?.problem === 'dockerfile' ? 0 : parseDockerfile(dockerfile).length;
  const { out, err } = legacyOutput(result, { contextBytes: bytes, total, pulls, names: names.map((name) => familiarName(parseReference(name))) });
  io.out(out);
  io.err(err);
}

function tagOf(text: string, { release }: DockerEngine): string {
  try {
    parseReference(text);
    return text;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    if (release.buildKit) throw new Failure(`ERROR: failed to build: invalid tag ${JSON.stringify(text)}: ${error.message}`);
    throw new Failure(`invalid argument ${JSON.stringify(text)} for "-t, --tag" flag: ${error.message}\nSee 'docker build --help'.`, 125);
  }
}

/** The directory that is sent, and the Dockerfile in it. */
function prepare({ engine, args, options, shell }: Context): { tree: DirectoryNode; path: string; file: string; dockerfile: string | undefined } {
  const path = resolvePath(args[0]!, shell.cwd);
  const { files } = shell.process;
  const directory = files.find(path);
  if (directory?.kind !== 'directory') {
    const what = directory ? `unable to prepare context: the Dockerfile must be within the build context` : `unable to prepare context: path ${JSON.stringify(args[0])} not found`;
    throw new Failure(`${engine.release.buildKit ? 'ERROR: ' : ''}${what}`);
  }
  const given = options.get('file');
  const text = files.find(given ? resolvePath(given, shell.cwd) : joinPath(path, 'Dockerfile'));
  return { tree: contextOf(directory), path, file: given ?? 'Dockerfile', dockerfile: text?.kind === 'file' ? contentOf(text) : undefined };
}

const argsOf = (pairs: readonly string[]) => new Map(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));

/** Base images come from this host, or from a registry. */
function fetchWith(engine: DockerEngine, pulls: Map<Instruction, string>): Fetch {
  return function* (name, { instruction }) {
    const reference = parseReference(name);
    const here = engine.image(name) ?? engine.buildBases.get(fullName(reference));
    if (here) return { image: here, missing: [] };
    const missing: readonly Layer[] = engine.wanted(reference)?.missing ?? [];
    let said = '';
    const error = yield* pullImage(engine, name, (text) => void (said += text));
    pulls.set(instruction, said);
    if (error === undefined) return { image: engine.release.buildKit ? keepBase(engine, engine.image(name)!) : engine.image(name)!, missing };
    if (!engine.release.buildKit) throw new BuildError('source', error, { instruction });
    const full = fullName(reference);
    const why = /^manifest for .* not found/.test(error) ? `${full}: not found` : /^pull access denied/.test(error) ? 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed' : error;
    throw new BuildError('source', `${name}: failed to resolve source metadata for ${full}: ${why}`, { instruction });
  };
}

/** BuildKit's own store has it; the list of images does not. */
function keepBase(engine: DockerEngine, image: Image): Image {
  engine.store.keep(image);
  engine.store.untag(image);
  engine.buildBases.set(image.name, image);
  return image;
}

function keep(engine: DockerEngine, image: Image, names: readonly string[]): void {
  if (names.length === 0) engine.store.add(image);
  for (const name of names) {
    const reference = parseReference(name);
    engine.store.tag(image, { ...reference, tag: reference.tag ?? 'latest' });
  }
}
