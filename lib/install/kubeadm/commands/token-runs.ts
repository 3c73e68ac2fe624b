// What `kubeadm token create`, `list` and `delete` do.
import type { Secret } from '../../../api/index.ts';
import type { Client } from '../../../client/index.ts';
import { alignTabs } from '../../../kubectl/index.ts';
import { asked, connect } from '../api/connection.ts';
import { systemNamespace } from '../api/roles.ts';
import { createTokens, secretName, tokenCells, tokenOf } from '../api/tokens.ts';
import { refuseMixed } from '../configuration/mixed.ts';
import { loadInit } from '../configuration/read.ts';
import { goDuration, initDefaults } from '../configuration/static-defaults.ts';
import { tokenFormatError } from '../configuration/token-format.ts';
import { isToken } from '../configuration/validate.ts';
import type { KubeadmCall, Steps } from '../frame/command.ts';
import { fail, KubeadmError, wrapped } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';
import { joinCommand } from '../join/command-line.ts';
import { paths, v1_20 } from '../release.ts';
import { unknownSocket } from './images.ts';

/** The named file, that of the environment, the user's own, or the admin's. */
export function kubeconfigPath({ host, flags }: KubeadmCall): string {
  const given = flags.string('kubeconfig') || host.env.get('KUBECONFIG');
  if (given) return given;
  const own = `${host.env.get('HOME') ?? '/root'}/.kube/config`;
  return [own, paths.admin].find((path) => host.files.find(path)) ?? own;
}

function* clientOf(call: KubeadmCall): Steps<Client> {
  if (call.flags.bool('dry-run')) notBuilt('token --dry-run');
  return yield* connect(call.host, kubeconfigPath(call));
}

export function* createToken(call: KubeadmCall): Steps {
  const { host, flags, args } = call;
  const [token] = args;
  refuseMixed(flags);
  if (token && !isToken(token)) fail(tokenFormatError(token));
  const client = yield* clientOf(call);
  const wish = { ...(token && { token }), description: flags.string('description'), usages: flags.list('usages'), groups: flags.list('groups'), ...(flags.has('ttl') && { ttl: goDuration(flags.duration('ttl')) }) };
  const init = yield* loadInit(host, flags.string('config'), initDefaults({ bootstrapTokens: [wish], nodeRegistration: { criSocket: unknownSocket } }, { kubernetesVersion: v1_20.kubernetes }));
  createTokens(client, init.bootstrapTokens, { onlyNew: true });
  const made = init.bootstrapTokens[0]!.token!;
  const key = flags.string('certificate-key');
  if (!flags.bool('print-join-command')) return key ? undefined : host.out(`${made}\n`);
  const line = joinCommand(host, { kubeconfig: kubeconfigPath(call), token: made, ...(key && { controlPlane: { key } }) });
  host.out(`${line.replaceAll('\\\n', '').replaceAll('\t', '')}\n`);
}

export function* listTokens(call: KubeadmCall): Steps {
  const { host, flags } = call;
  const client = yield* clientOf(call);
  if (flags.string('experimental-output') !== 'text') notBuilt('token list -o');
  const { items } = asked(() => client.list('Secret', { namespace: systemNamespace, fieldSelector: 'type=bootstrap.kubernetes.io/token' }));
  let first = true;
  for (const secret of items as Secret[]) {
    const token = tokenOf(secret);
    if (typeof token === 'string') {
      host.err(token);
      continue;
    }
    const head = first ? [['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS']] : [];
    first = false;
    // Each token is a table of its own, as in kubeadm.
    host.out(alignTabs([...head, tokenCells(token, client.clock.now)].map((cells) => `${cells.join('\t')}\n`).join(''), { minWidth: 10, padding: 3 }));
  }
}

const idPattern = JSON.stringify('\\A([a-z0-9]{6})\\z');

export function* deleteTokens(call: KubeadmCall): Steps {
  const { host, args } = call;
  if (args.length === 0) fail(`missing subcommand; 'token delete' is missing token of form ${idPattern}`);
  const client = yield* clientOf(call);
  for (const word of args) {
    if (!/^[a-z0-9]{6}$/.test(word) && !isToken(word)) fail(`given token didn't match pattern ${idPattern} or ${idPattern}`);
    const id = word.slice(0, 6);
    try {
      asked(() => client.delete({ kind: 'Secret', metadata: { namespace: systemNamespace, name: secretName(id) } }));
    } catch (error) {
      throw error instanceof KubeadmError ? wrapped(error, `failed to delete bootstrap token ${JSON.stringify(id)}`) : error;
    }
    host.out(`bootstrap token ${JSON.stringify(id)} deleted\n`);
  }
}
