import type { Manifest } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, int, string } from '../flags.ts';
import { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { createOne, dryRunFlag, fileFlags, infoOfMade, printFlags } from './create.ts';

export const autoscale: Command = {
  name: 'autoscale',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  usage: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  flags: [...printFlags, dryRunFlag, ...fileFlags, int('min', '-1'), int('max', '-1'), int('cpu-percent', '-1'), string('name'), bool('save-config'), string('field-manager')],
  run(call) {
    if (!call.flags.has('max')) throw new CommandError('required flag(s) "max" not set');
    const reporter = new Reporter(call, { typed: true });
    checkBounds(call);
    const { infos, errors } = resolve(call);
    forEach(infos, errors, (info) => {
      if (!info.resource.subresources?.some(({ name }) => name === 'scale')) throw new CommandError(notScalable(info));
      createOne(call, infoOfMade(call, autoscalerFor(call, info)), reporter, 'autoscaled');
    });
    throwAll(errors);
  },
};

function checkBounds({ flags }: Call): void {
  const [min, max] = [flags.int('min'), flags.int('max')];
  if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min) throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
}

const notScalable = ({ resource: { kind, group, plural }, apiVersion }: Info) =>
  `cannot autoscale a ${group ? `${kind}.${group}` : kind}: could not find scale subresource for ${group ? apiVersion : `/${apiVersion}`}, Resource=${plural} in discovery information`;

/** What --min and --cpu-percent leave open, the server fills in. */
function autoscalerFor(call: Call, { resource, apiVersion, name }: Info): Manifest {
  const { flags } = call;
  const [min, percent] = [flags.int('min'), flags.int('cpu-percent')];
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { creationTimestamp: null, name: flags.string('name') || name } as never,
    spec: { maxReplicas: flags.int('max'), ...(min > 0 && { minReplicas: min }), scaleTargetRef: { apiVersion, kind: resource.kind, name }, ...(percent >= 0 && { targetCPUUtilizationPercentage: percent }) },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  };
}
