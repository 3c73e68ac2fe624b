// kubectl create quota.
import { type Manifest, parseQuantity } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { string } from '../flags.ts';
import type { Call, Command } from '../session.ts';

export type Generator = (name: string, options: Omit<Command, 'name' | 'run'> & { make(call: Call): Manifest; what?: string }) => Command;

function amount(text: string): string {
  try {
    return parseQuantity(text).toString();
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

/** `pods=5,requests.cpu=2` */
function hardOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => {
    const parts = pair.split('=');
    if (parts.length !== 2) throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
    return [parts[0]!, amount(parts[1]!)];
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

function scopesOf(text: string): string[] {
  const scopes = text.split(',');
  if (scopes.includes('')) throw new CommandError('invalid resource quota scope ""');
  return scopes;
}

export function quotaGenerator(generator: Generator, nameArgument: (call: Call) => string): Command {
  return generator('quota', {
    aliases: ['resourcequota'],
    short: 'Create a quota with the specified name',
    usage: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]',
    flags: [string('hard'), string('scopes')],
    make(call) {
      const name = nameArgument(call);
      const [hard, scopes] = [call.flags.string('hard'), call.flags.string('scopes')];
      const spec = { ...(hard && { hard: hardOf(hard) }), ...(scopes && { scopes: scopesOf(scopes) }) };
      return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name, creationTimestamp: null } as never, spec, status: {} };
    },
  });
}
