// kubectl cp: a tar archive through the streams of `exec`, packed at one end and unpacked at the other.
import { type Pod } from '../../api/index.ts';
import { type ArchiveEntry, bytesOf, joinPath, pack, resolvePath, splitPath, textOf, unpack } from '../../machine/index.ts';
import { CommandError, PlainError, UsageError } from '../errors.ts';
import { bool, int, string } from '../flags.ts';
import type { Call, Command } from '../session.ts';
import { defaultContainer } from './logs.ts';

interface Place {
  /** Set for a file of a pod. */
  pod?: { namespace?: string; name: string };
  path: string;
}

export const copy: Command = {
  name: 'cp',
  short: 'Copy files and directories to and from containers',
  usage: '<file-spec-src> <file-spec-dest>',
  flags: [string('container', 'c'), bool('no-preserve'), int('retries')],
  run(call) {
    if (call.args.length !== 2) throw new UsageError('source and destination are required', call.command);
    const [from, to] = call.args.map(placeOf) as [Place, Place];
    if (from.pod && to.pod) throw new CommandError('one of src or dest must be a local file specification');
    if (!from.pod && !to.pod) throw new CommandError('one of src or dest must be a remote file specification');
    if (from.path === '' || to.path === '') throw new CommandError('filepath can not be empty');
    if (from.pod) download(call, from, to.path);
    else upload(call, from.path, to);
  },
};

/** `[[namespace/]pod:]file/path` */
function placeOf(text: string): Place {
  const colon = text.indexOf(':');
  if (colon <= 0 || /^[./]/.test(text)) return { path: text };
  const [name = '', namespace] = text.slice(0, colon).split('/').reverse();
  return { pod: { name, ...(namespace && { namespace }) }, path: text.slice(colon + 1) };
}

/** Runs a command in the pod's container; its errors end the copy. */
function inPod(call: Call, { name, namespace = call.namespace }: NonNullable<Place['pod']>) {
  const pod = call.client.get('Pod', { namespace, name }) as Pod;
  const container = call.flags.string('container') || defaultContainer(call, pod);
  call.client.authorize?.({ verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace, name });
  return (command: string[], stdin = '') => call.options.exec!(pod, container, command, { stdin, tty: false });
}

function download(call: Call, { pod, path }: Place, to: string): void {
  const { code, stdout, stderr } = inPod(call, pod!)(['tar', 'cf', '-', path]);
  if (stderr) call.out.error(stderr.replace(/\n$/, ''));
  if (code !== 0) throw new PlainError(`command terminated with exit code ${code}`, code);
  const files = call.options.files ?? new Map<string, string>();
  const prefix = path.replace(/^\/+|\/+$/g, '');
  const target = isDirectory(files, to) ? joinPath(to.replace(/\/+$/, ''), splitPath(`/${prefix}`)[1]) : to;
  for (const { name, kind, content } of unpack(bytesOf(stdout))) {
    if (kind === 'file') files.set(local(target + name.slice(prefix.length)), content);
    else if (kind === 'link') call.out.error(`warning: skipping symlink: ${JSON.stringify(target + name.slice(prefix.length))} -> `);
  }
}

function upload(call: Call, from: string, { pod, path }: Place): void {
  const files = call.options.files ?? new Map<string, string>();
  const source = local(from).replace(/\/+$/, '');
  const names = [...files.keys()].filter((name) => name === source || name.startsWith(`${source}/`));
  if (names.length === 0) throw new CommandError(`${from} doesn't exist in local filesystem`);
  const run = inPod(call, pod!);
  const inside = run(['test', '-d', path]).code === 0;
  const target = inside ? joinPath(path.replace(/\/+$/, '') || '/', splitPath(`/${source}`)[1]) : path.replace(/\/+$/, '');
  const [directory, base] = splitPath(resolvePath(target));
  const entries = names.map((name): ArchiveEntry => ({ name: base + name.slice(source.length), kind: 'file', content: files.get(name)! }));
  const { code, stderr } = run(['tar', '-xmf', '-', '-C', directory], textOf(pack(entries)));
  if (stderr) call.out.error(stderr.replace(/\n$/, ''));
  if (code !== 0) throw new PlainError(`command terminated with exit code ${code}`, code);
}

const local = (path: string) => path.replace(/^\.\//, '');
const isDirectory = (files: ReadonlyMap<string, string>, path: string) => /^\.?\/?$|\/$/.test(path) || [...files.keys()].some((name) => name.startsWith(`${local(path).replace(/\/+$/, '')}/`));
