// etcdctl with ETCDCTL_API=2, the default before 3.4: other commands, other flags, and a server that no longer listens to it.
import type { EtcdctlOptions } from './etcdctl.ts';

const known = /^--?(debug|no-sync|output|o|discovery-srv|D|insecure-discovery|peers|C|endpoints?|cert-file|key-file|ca-file|username|u|timeout|total-timeout|help|h|version|v)(=|$)/;
const takesValue = /^--?(output|o|discovery-srv|D|peers|C|endpoints?|cert-file|key-file|ca-file|username|u|timeout|total-timeout)$/;

/** Differs from etcdctl: the help that follows a wrong flag is left out. */
export function secondVersion(argv: readonly string[], { err }: EtcdctlOptions): number {
  const leading: string[] = [];
  for (let i = 0; i < argv.length && argv[i]!.startsWith('-'); i++) {
    leading.push(argv[i]!);
    if (takesValue.test(argv[i]!)) i++;
  }
  const wrong = leading.find((word) => !known.test(word));
  if (wrong) {
    err(`Incorrect Usage. flag provided but not defined: -${wrong.replace(/^-+/, '').replace(/=.*/s, '')}\n`);
    return 1;
  }
  if (leading.some((word) => /^--?ca-file/.test(word)) && leading.some((word) => /^--?cert-file/.test(word)) && leading.some((word) => /^--?key-file/.test(word))) {
    err('Error:  client: response is invalid json. The endpoint is probably not valid etcd cluster endpoint\n');
    return 4;
  }
  const problems = ['dial tcp 127.0.0.1:4001: connect: connection refused', 'EOF'];
  err(`Error:  client: etcd cluster is unavailable or misconfigured; ${problems.map((text, i) => `error #${i}: ${text}`).join('\n; ')}\n\n${problems.map((text, i) => `error #${i}: ${text}`).join('\n')}\n\n`);
  return 4;
}
