// Commands for images that are there: images, history, tag, rmi, commit, system df.
import type { Image } from '../../images.ts';
import { difference } from '../../layers.ts';
import { imageFiles } from '../../root/image-files.ts';
import { type DockerContainer, isRunning, shortId } from '../container.ts';
import { draftOf, imageOf, layerOf } from '../draft.ts';
import { DaemonError, type DockerEngine } from '../engine.ts';
import { humanDuration, imageSize, shorten, table } from '../human.ts';
import { familiarName } from '../../reference.ts';
import { fill } from '../template.ts';
import { type Context, type DockerCommand, each } from './command.ts';
import { referenceOf } from './pull.ts';

const unpackedOf = ({ layers }: Image) => layers.reduce((sum, { unpacked }) => sum + unpacked, 0);

/** `nginx` and `1.27` of `nginx:1.27`; a digest is no tag. */
function familiarParts({ familiar }: Image): [repository: string, tag: string] {
  const at = familiar.indexOf('@');
  if (at >= 0) return [familiar.slice(0, at), '<none>'];
  const colon = familiar.lastIndexOf(':');
  return colon > familiar.lastIndexOf('/') ? [familiar.slice(0, colon), familiar.slice(colon + 1)] : [familiar, '<none>'];
}

function known(engine: DockerEngine, name: string): Image {
  const image = engine.image(name);
  if (!image) throw new DaemonError(`No such image: ${familiarName(referenceOf(name))}`);
  return image;
}

export const images: DockerCommand = {
  usage: 'docker images [OPTIONS] [REPOSITORY[:TAG]]',
  short: 'List images',
  flags: { all: { short: 'a' }, quiet: { short: 'q' }, digests: {}, 'no-trunc': {}, format: { value: true }, filter: { short: 'f', value: true } },
  max: 1,
  *run({ engine, options, args, io }) {
    const [wanted] = args;
    const dangling = options.all('filter').includes('dangling=true');
    const shown = engine.store.all().filter((image) => {
      const [repository, tag] = familiarParts(image);
      if (dangling) return engine.store.isDangling(image);
      return wanted === undefined || wanted === repository || wanted === `${repository}:${tag}`;
    });
    shown.sort((a, b) => b.created - a.created || (a.familiar < b.familiar ? -1 : 1));
    if (options.has('quiet')) return void io.out([...new Set(shown.map(({ id }) => (options.has('no-trunc') ? id : shortId(id))))].map((id) => `${id}\n`).join(''));
    const rows = shown.map((image) => {
      const [repository, tag] = engine.store.isDangling(image) ? ['<none>', '<none>'] : familiarParts(image);
      return { Repository: repository, Tag: tag, Digest: image.repository === '<none>' || !engine.published(image) ? '<none>' : image.digest, ID: options.has('no-trunc') ? image.id : shortId(image.id), CreatedSince: `${humanDuration(engine.now - image.created)} ago`, Size: imageSize(unpackedOf(image)) };
    });
    const format = options.get('format');
    if (format) return void io.out(rows.map((row) => `${fill(format.replace(/^table /, ''), row)}\n`).join(''));
    const digests = options.has('digests');
    io.out(table([['REPOSITORY', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'CREATED', 'SIZE'], ...rows.map((row) => [row.Repository, row.Tag, ...(digests ? [row.Digest] : []), row.ID, row.CreatedSince, row.Size])]));
  },
};

export const history: DockerCommand = {
  usage: 'docker history [OPTIONS] IMAGE',
  short: 'Show the history of an image',
  flags: { 'no-trunc': {}, quiet: { short: 'q' }, human: { short: 'H' }, format: { value: true } },
  min: 1,
  max: 1,
  *run({ engine, args, options, io }) {
    const image = known(engine, args[0]!);
    const long = options.has('no-trunc');
    const rows = [...image.history].reverse().map(({ by, created, layer, comment = '' }, i) => ({ ID: i === 0 ? (long ? image.id : shortId(image.id)) : '<missing>', CreatedSince: `${humanDuration(engine.now - created)} ago`, CreatedBy: long ? by : shorten(by, 45), Size: imageSize(layer?.unpacked ?? 0), Comment: comment }));
    const format = options.get('format');
    if (format) return void io.out(rows.map((row) => `${fill(format.replace(/^table /, ''), row)}\n`).join(''));
    io.out(table([['IMAGE', 'CREATED', 'CREATED BY', 'SIZE', 'COMMENT'], ...rows.map((row) => Object.values(row))]));
  },
};

export const tag: DockerCommand = {
  usage: 'docker tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  short: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  min: 2,
  max: 2,
  *run({ engine, args }) {
    const target = referenceOf(args[1]!);
    engine.store.tag(known(engine, args[0]!), { ...target, tag: target.tag ?? 'latest' });
  },
};

export const rmi: DockerCommand = {
  usage: 'docker rmi [OPTIONS] IMAGE [IMAGE...]',
  short: 'Remove one or more images',
  flags: { force: { short: 'f' }, 'no-prune': {} },
  min: 1,
  *run(context) {
    return yield* each(context, (name) => removeImage(context, name));
  },
};

function removeImage({ engine, options }: Context, name: string): string {
  const image = known(engine, name);
  const byId = engine.store.byId(name) !== undefined;
  const names = engine.store.all().filter(({ id }) => id === image.id);
  const force = options.has('force');
  const last = names.length === 1 || byId;
  const user = engine.containers.find((made) => made.image.id === image.id && (isRunning(made) || !force));
  if (byId && names.length > 1 && !force) throw new DaemonError(`conflict: unable to delete ${shortId(image.id)} (must be forced) - image is referenced in multiple repositories`);
  if (last && user) throw new DaemonError(conflict(image, user, byId));
  const gone = byId ? names : [image];
  const lines = gone.filter((one) => !engine.store.isDangling(one)).map((one) => `Untagged: ${one.familiar}`);
  const removed = gone.map((one) => engine.store.untag(one)).includes(true);
  if (removed) lines.push(`Deleted: ${image.id}`, ...image.layers.filter((layer) => !engine.store.has(layer)).map(({ digest }) => `Deleted: ${digest}`));
  return lines.join('\n');
}

function conflict(image: Image, user: DockerContainer, byId: boolean): string {
  const container = shortId(user.id);
  if (isRunning(user)) return byId ? `conflict: unable to delete ${shortId(image.id)} (cannot be forced) - image is being used by running container ${container}` : `conflict: unable to remove repository reference "${image.familiar}" (must force) - container ${container} is using its referenced image ${shortId(image.id)}`;
  return byId ? `conflict: unable to delete ${shortId(image.id)} (must be forced) - image is being used by stopped container ${container}` : `conflict: unable to remove repository reference "${image.familiar}" (must force) - container ${container} is using its referenced image ${shortId(image.id)}`;
}

export const commit: DockerCommand = {
  usage: 'docker commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  short: "Create a new image from a container's changes",
  flags: { message: { short: 'm', value: true }, author: { short: 'a', value: true } },
  min: 1,
  max: 2,
  *run({ engine, args, io, options }) {
    const made = engine.find(args[0]!);
    const root = made.container?.filesUsed ? made.container.root : made.root;
    const draft = draftOf(made.image);
    const layer = root && difference(imageFiles(made.image), root);
    if (layer) draft.layers.push(layerOf(layer));
    const created = engine.now;
    draft.history.push({ created, by: made.request.command.join(' '), ...(layer && { layer: draft.layers.at(-1)! }), ...(options.get('message') && { comment: options.get('message')! }) });
    const image = imageOf({ ...draft, programs: made.image.programs }, created);
    const name = args[1];
    if (name) engine.store.tag(image, { ...referenceOf(name), tag: referenceOf(name).tag ?? 'latest' });
    else engine.store.add(image);
    io.out(`${image.id}\n`);
  },
};

export const df: DockerCommand = {
  usage: 'docker system df [OPTIONS]',
  short: 'Show docker disk usage',
  flags: { verbose: { short: 'v' } },
  max: 0,
  *run({ engine, io }) {
    const all = new Map(engine.store.all().map((image) => [image.id, image]));
    const used = new Set(engine.containers.map(({ image }) => image.id));
    const written = engine.containers.reduce((sum, made) => {
      const root = made.container?.filesUsed ? made.container.root : made.root;
      const layer = root && difference(imageFiles(made.image), root);
      return sum + (layer ? layerOf(layer).unpacked : 0);
    }, 0);
    const free = [...all.values()].filter(({ id }) => !used.has(id));
    const kept = new Set(engine.containers.flatMap(({ image }) => image.layers.map(({ digest }) => digest)));
    const reclaimable = [...new Map(free.flatMap(({ layers }) => layers.map((layer) => [layer.digest, layer] as const))).values()].filter(({ digest }) => !kept.has(digest)).reduce((sum, { unpacked }) => sum + unpacked, 0);
    const total = engine.store.unpacked;
    const percent = (part: number, whole: number) => (whole > 0 ? ` (${Math.floor((part / whole) * 100)}%)` : '');
    const cache = [...engine.buildCache.values()].reduce((sum, { layer }) => sum + (layer?.unpacked ?? 0), 0);
    io.out(table([['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'], ['Images', String(all.size), String([...all.keys()].filter((id) => used.has(id)).length), imageSize(total), `${imageSize(reclaimable)}${percent(reclaimable, total)}`], ['Containers', String(engine.containers.length), String(engine.containers.filter(isRunning).length), imageSize(written), `0B${percent(0, written)}`], ['Local Volumes', '0', '0', '0B', '0B'], ['Build Cache', String(engine.buildCache.size), '0', imageSize(cache), imageSize(cache)]]));
  },
};

