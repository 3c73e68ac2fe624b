import { deprecationWarning, isNotFound } from '../../api/index.ts';
import { describeObject } from '../describe/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, int, string } from '../flags.ts';
import { clientKind, infoOf } from '../names.ts';
import { resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { fileFlags } from './create.ts';

export const describe: Command = {
  name: 'describe',
  short: 'Show details of a specific resource or group of resources',
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  flags: [...fileFlags, string('selector', 'l'), bool('all-namespaces', 'A'), bool('show-events', undefined, 'true'), int('chunk-size', '500')],
  run(call) {
    if (call.args.length === 0 && call.flags.list('filename').length === 0) {
      throw new CommandError('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.');
    }
    const { infos, errors } = resolve(call, { allowAll: true });
    for (const { source, apiVersion, resource } of infos) {
      const warning = source === undefined ? '' : deprecationWarning(apiVersion, resource.kind, call.version);
      if (warning) call.out.warn(warning);
    }
    const byPrefix = infos.length === 0 && errors.every(isNotFound) && call.args.length === 2 ? withPrefix(call, errors) : [];
    infos.forEach((info, i) => call.out.write(`${i > 0 ? '\n\n' : ''}${describeObject(call, info.object!)}`));
    for (const info of byPrefix) call.out.write(`${describeObject(call, info.object!)}\n`);
    if (infos.length + byPrefix.length === 0 && errors.length === 0) call.out.error(call.flags.bool('all-namespaces') ? 'No resources found' : `No resources found in ${call.namespace} namespace.`);
    throwAll(errors);
  },
};

/** A name that is not there may be the beginning of others. */
function withPrefix(call: Call, errors: Error[]): Info[] {
  const [type, prefix] = call.args as [string, string];
  const resource = call.client.resource(type);
  if (!resource) return [];
  const { items } = call.client.list(clientKind(resource), resource.namespaced ? { namespace: call.namespace } : {});
  const found = items.filter(({ metadata }) => metadata.name.startsWith(prefix)).map((object) => infoOf(resource, object));
  if (found.length > 0) errors.length = 0;
  return found;
}
