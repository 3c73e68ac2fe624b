// docker pull, and what `docker run` says when it has to pull first.
import { familiarName, fullName, InvalidReference, parseReference, type Reference, repositoryOf } from '../../reference.ts';
import { shortId } from '../container.ts';
import type { DockerEngine } from '../engine.ts';
import { type DockerCommand, Failure } from './command.ts';


export function referenceOf(text: string): Reference {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof InvalidReference) throw new Failure(error.message);
    throw error;
  }
}

/** Pulls and tells, layer by layer as it stands at the end. */
export function* pullImage(engine: DockerEngine, name: string, out: (text: string) => void): Generator<number, string | undefined> {
  const reference = referenceOf(name);
  const wanted = engine.wanted(reference);
  const before = engine.image(name);
  const error: string | undefined = yield* engine.pull(name);
  if (error !== undefined || !wanted) return error;
  const { image, missing } = wanted;
  const path = reference.domain === 'docker.io' ? reference.path : repositoryOf(reference);
  out(`${reference.digest ?? reference.tag ?? 'latest'}: Pulling from ${path}\n`);
  if (before?.id !== image.id) for (const layer of image.layers) out(`${shortId(layer.digest)}: ${missing.includes(layer) ? 'Pull complete' : 'Already exists'}\n`);
  out(`Digest: ${image.digest}\nStatus: ${before?.id === image.id ? 'Image is up to date for' : 'Downloaded newer image for'} ${familiarName(reference)}\n`);
  return undefined;
}

export const pull: DockerCommand = {
  usage: 'docker pull [OPTIONS] NAME[:TAG|@DIGEST]',
  short: 'Download an image from a registry',
  flags: { quiet: { short: 'q' }, 'all-tags': { short: 'a' }, platform: { value: true } },
  min: 1,
  max: 1,
  *run({ engine, args, options, io }) {
    const [name = ''] = args;
    const reference = referenceOf(name);
    const quiet = options.has('quiet');
    if (!reference.tag && !reference.digest && !quiet) io.out('Using default tag: latest\n');
    const error = yield* pullImage(engine, name, quiet ? () => {} : io.out);
    if (error !== undefined) throw new Failure(`Error response from daemon: ${error}`);
    io.out(`${fullName(reference)}\n`);
  },
};
