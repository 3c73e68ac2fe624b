// Flags that say what the file of `--config` says already (ValidateMixedArguments).
import type { Flags } from '../../../kubectl/index.ts';
import { fail } from '../frame/errors.ts';

const allowed = new Set(['config', 'ignore-preflight-errors', 'dry-run', 'kubeconfig', 'node-name', 'cri-socket', 'kubeconfig-dir', 'upload-certs', 'experimental-patches', 'print-join-command', 'rootfs', 'v']);

export function refuseMixed(flags: Flags): void {
  if (!flags.has('config')) return;
  const mixed = flags.given().map(([name]) => name).filter((name) => !allowed.has(name) && !name.startsWith('skip-')).sort();
  if (mixed.length > 0) fail(`can not mix '--config' with arguments [${mixed.join(' ')}]`);
}
