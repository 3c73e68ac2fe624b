// kubectl create job and cronjob.
import type { KubeObject, Manifest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { string } from '../flags.ts';
import { apiVersionOf, findResource } from '../names.ts';
import { resolve } from '../resolve.ts';
import type { Call, Command } from '../session.ts';

type Generator = (name: string, options: Omit<Command, 'name' | 'run'> & { make(call: Call): Manifest; what?: string }) => Command;

interface PodOptions {
  name: string;
  image: string;
  command: string[];
  restartPolicy: string;
}

const podTemplate = ({ name, image, command, restartPolicy }: PodOptions) => ({
  metadata: { creationTimestamp: null },
  spec: { containers: [{ name, image, ...(command.length > 0 && { command }), resources: {} }], restartPolicy },
});

const commandOf = (call: Call) => (call.dash >= 0 ? call.args.slice(call.dash) : []);

function plainJob(call: Call, name: string): Manifest {
  const template = podTemplate({ name, image: call.flags.string('image'), command: commandOf(call), restartPolicy: 'Never' });
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, creationTimestamp: null } as never, spec: { template }, status: {} };
}

/** A run of a cron job out of turn: the cron job owns it, and an annotation says that somebody asked for it. */
function jobFromCronJob(call: Call, name: string): Manifest {
  const { infos, errors } = resolve(call, { args: [call.flags.string('from')] });
  if (errors[0]) throw errors[0];
  if (infos.length !== 1) throw new CommandError('from must be an existing cronjob');
  const source = infos[0]!.object as KubeObject;
  if (source.kind !== 'CronJob') throw new CommandError(`unknown object type *v1.${source.kind}`);
  const { metadata: { name: owner, uid }, spec: { jobTemplate } } = source;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: owner, uid, controller: true }];
  const metadata = { name, creationTimestamp: null, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations }, ...(labels && { labels }), ownerReferences };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata as never, spec: jobTemplate.spec, status: {} };
}

export function jobGenerators(generator: Generator, nameArgument: (call: Call) => string, need: (call: Call, ...flags: string[]) => void): Command[] {
  return [
    generator('job', {
      short: 'Create a job with the specified name',
      usage: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
      flags: [string('image'), string('from')],
      make(call) {
        const name = nameArgument(call);
        const [image, from] = [call.flags.string('image'), call.flags.string('from')];
        if (Boolean(image) === Boolean(from)) throw new CommandError('either --image or --from must be specified');
        if (from && commandOf(call).length > 0) throw new CommandError('cannot specify --from and command');
        return from ? jobFromCronJob(call, name) : plainJob(call, name);
      },
    }),
    generator('cronjob', {
      aliases: ['cj'],
      short: 'Create a cron job with the specified name',
      usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags] [options]",
      flags: [string('image'), string('schedule'), string('restart')],
      make(call) {
        need(call, 'image', 'schedule');
        const name = nameArgument(call);
        const template = podTemplate({ name, image: call.flags.string('image'), command: commandOf(call), restartPolicy: call.flags.string('restart') || 'OnFailure' });
        return {
          apiVersion: apiVersionOf(findResource('CronJob', call.version)!, call.version),
          kind: 'CronJob',
          metadata: { name, creationTimestamp: null } as never,
          spec: { schedule: call.flags.string('schedule'), jobTemplate: { metadata: { name, creationTimestamp: null }, spec: { template } } },
          status: {},
        };
      },
    }),
  ];
}
