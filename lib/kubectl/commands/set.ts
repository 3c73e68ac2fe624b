import { parseQuantity } from '../../api/index.ts';
import { CommandError, PlainError } from '../errors.ts';
import { string } from '../flags.ts';
import type { Command } from '../session.ts';
import { checkLocal } from '../local.ts';
import { splitPairs } from '../pairs.ts';
import { dryRun, Reporter } from '../print.ts';
import { chosen, edit, type Loose, needNames, shared } from './set-edit.ts';
import { env } from './set-env.ts';
import { selector, subject } from './set-selectors.ts';

const image: Command = {
  name: 'image',
  short: 'Update the image of a pod template',
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  flags: shared,
  run(call) {
    const reporter = new Reporter(call, { typed: true });
    const { resources, pairs: texts } = splitPairs(call.args, 'image');
    const pairs = texts.map((text) => text.split(/=(.*)/s, 2) as [string, string]).filter(([, value]) => value !== undefined);
    checkLocal(call, resources);
    if (resources.length === 0 && call.flags.list('filename').length === 0) throw new CommandError(needNames);
    if (pairs.length === 0) throw new CommandError('at least one image update is required');
    edit(call, resources, {
      reporter,
      done: 'image updated',
      failed: 'image update to pod template:',
      apply(spec) {
        const missing = pairs.filter(([name, value]) => !setImage(spec, name, value));
        if (missing.length > 0) throw new PlainError(missing.map(([name]) => `error: unable to find container named ${JSON.stringify(name)}`).join('\n'));
      },
    });
  },
};

function setImage(spec: Loose, name: string, value: string): boolean {
  const containers = [...(spec.initContainers ?? []), ...spec.containers] as Loose[];
  const found = name === '*' ? containers : containers.filter((container) => container.name === name);
  for (const container of found) container.image = value;
  return found.length > 0;
}

const resources: Command = {
  name: 'resources',
  short: 'Update resource requests/limits on objects with pod templates',
  usage: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags: [...shared, string('containers', 'c', '*'), string('limits'), string('requests')],
  run(call) {
    const reporter = new Reporter(call, { typed: true });
    checkLocal(call, call.args);
    if (!call.flags.string('limits') && !call.flags.string('requests')) throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    const [limits, requests] = ['limits', 'requests'].map((flag) => quantities(call.flags.string(flag)));
    edit(call, call.args, {
      reporter,
      done: 'resource requirements updated',
      failed: 'resources update to pod template',
      apply(spec) {
        const found = chosen(call, spec);
        if (found.length === 0) throw new CommandError(`unable to find container named ${call.flags.string('containers')}`);
        for (const container of found) {
          container.resources ??= {};
          if (limits) container.resources.limits = { ...container.resources.limits, ...limits };
          if (requests) container.resources.requests = { ...container.resources.requests, ...requests };
        }
      },
    });
  },
};

function quantities(text: string): Record<string, string> | undefined {
  if (!text) return undefined;
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name, value] = pair.split('=');
      if (!name || !value) throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
      parseQuantity(value);
      return [name, value];
    }),
  );
}

const serviceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  usage: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: shared,
  run(call) {
    const reporter = new Reporter(call, { typed: true });
    const name = call.args.at(-1);
    if (name === undefined) throw new CommandError('serviceaccount is required');
    if (call.flags.bool('local') && dryRun(call) === 'server') throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    edit(call, call.args.slice(0, -1), {
      reporter,
      done: 'serviceaccount updated',
      failed: 'ServiceAccountName',
      apply(spec) {
        spec.serviceAccountName = name;
        if (spec.serviceAccount !== undefined) spec.serviceAccount = name;
      },
    });
  },
};

export const set: Command = {
  name: 'set',
  short: 'Set specific features on objects',
  long: 'Configure application resources.\n\n These commands help you make changes to existing application resources.',
  usage: 'SUBCOMMAND',
  commands: [env, image, resources, selector, serviceAccount, subject],
};
