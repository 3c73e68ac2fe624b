// kubectl create token: a token of a service account, until it expires or what it is bound to is gone.
import { prettyGoText } from '../../api/index.ts';
import { StatusError } from '../../api/index.ts';
import { CommandError, UsageError } from '../errors.ts';
import { bool, list, string, time } from '../flags.ts';
import { objectPrinter, outputFormat } from '../print.ts';
import type { Call, Command } from '../session.ts';
import { parseGoDuration } from '../text/duration.ts';

export const createToken: Command = {
  name: 'token',
  short: 'Request a service account token',
  usage: 'SERVICE_ACCOUNT_NAME',
  flags: [string('output', 'o'), string('template'), bool('show-managed-fields'), bool('allow-missing-template-keys', undefined, 'true'), list('audience'), time('duration'), string('bound-object-kind'), string('bound-object-name'), string('bound-object-uid')],
  run(call) {
    const { args, flags, client, namespace, out } = call;
    if (args.length !== 1) throw new UsageError(`exactly one NAME is required, got ${args.length}`, call.command);
    const { format } = outputFormat(call);
    const print = objectPrinter(call);
    if (!print && format && format !== 'name') throw new CommandError(`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${formats}`);
    const seconds = lifetime(call);
    const bound = boundObject(call);
    const audiences = flags.all('audience');
    const request = asked(() => client.createToken({ namespace, name: args[0]! }, { ...(audiences.length > 0 && { audiences }), ...(seconds > 0 && { expirationSeconds: seconds }), ...(bound && { boundObjectRef: bound }) }));
    if (!request.status.token) throw new CommandError('failed to create token: no token in server response');
    if (print) return out.write(format === 'json' ? `${prettyGoText(request, 4)}\n` : print(request));
    if (format === 'name') return out.line(`tokenrequest.authentication.k8s.io/${request.metadata.name || '<unknown>'}`);
    // No line of its own: `$(kubectl create token app)`.
    out.write(request.status.token);
  },
};

function asked<T>(request: () => T): T {
  try {
    return request();
  } catch (error) {
    throw error instanceof StatusError ? new CommandError(`failed to create token: ${error.message}`) : error;
  }
}

function lifetime({ flags }: Call): number {
  const ms = parseGoDuration(flags.string('duration')) ?? 0;
  if (ms < 0) throw new CommandError('--duration must be greater than or equal to 0');
  if (ms % 1000 !== 0) throw new CommandError('--duration cannot be expressed in units less than seconds');
  return ms / 1000;
}

const formats = 'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml';
const bindable = ['Node', 'Pod', 'Secret'];

function boundObject({ flags }: Call) {
  const [kind = '', name = '', uid = ''] = ['kind', 'name', 'uid'].map((part) => flags.string(`bound-object-${part}`));
  if (!kind) {
    if (name) throw new CommandError('--bound-object-name can only be set if --bound-object-kind is provided');
    if (uid) throw new CommandError('--bound-object-uid can only be set if --bound-object-kind is provided');
    return undefined;
  }
  if (!bindable.includes(kind)) throw new CommandError(`supported --bound-object-kind values are ${bindable.join(', ')}`);
  if (!name) throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
  return { kind, apiVersion: 'v1', name, ...(uid && { uid }) };
}
