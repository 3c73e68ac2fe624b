// What a preflight check is, and how many of them are run (cmd/kubeadm/app/preflight/checks.go).
import type { Steps } from '../frame/command.ts';
import { KubeadmError } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';

export interface Findings {
  warnings?: readonly string[];
  errors?: readonly string[];
}

export interface Check {
  /** As `--ignore-preflight-errors` names it. */
  name: string;
  look(host: KubeadmHost): Steps<Findings> | Findings;
}

export const error = (message: string): Findings => ({ errors: [message] });
export const warning = (message: string): Findings => ({ warnings: [message] });
export const fine: Findings = {};

/** Names in small letters, or `all`. */
export type Ignored = ReadonlySet<string>;

export function* runChecks(host: KubeadmHost, checks: readonly Check[], ignored: Ignored): Steps {
  let found = '';
  for (const { name, look } of checks) {
    const looked = look(host);
    const { warnings = [], errors = [] } = 'next' in looked ? yield* looked : looked;
    const mild = ignored.has('all') || ignored.has(name.toLowerCase());
    for (const message of mild ? [...warnings, ...errors] : warnings) host.err(`\t[WARNING ${name}]: ${message}\n`);
    if (!mild) for (const message of errors) found += `\t[ERROR ${name}]: ${message}\n`;
  }
  if (found) fatal(found);
}

export function fatal(found: string): never {
  throw new KubeadmError(`[preflight] Some fatal errors occurred:\n${found}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\``, 2);
}
