// kubeadm itself (cmd/kubeadm/app/cmd/cmd.go).
import type { KubeadmCommand } from '../frame/command.ts';
import type { Release } from '../release.ts';
import { alpha } from './alpha.ts';
import { certs } from './certs.ts';
import { completion } from './completion.ts';
import { config } from './config.ts';
import { init } from './init.ts';
import { join } from './join.ts';
import { reset } from './reset.ts';
import { global } from './shared-flags.ts';
import { token } from './token.ts';
import { upgrade } from './upgrade.ts';
import { version } from './version.ts';

const line = '─'.repeat(58);
const row = (text: string) => `    │ ${text.padEnd(57)}│`;
const frame = (...rows: readonly string[]) => [`    ┌${line}┐`, ...rows, `    └${line}┘`].join('\n');

const long = `

${frame(row('KUBEADM'), row('Easily bootstrap a secure Kubernetes cluster'), row(''), row('Please give us feedback at:'), row('https://github.com/kubernetes/kubeadm/issues'))}

Example usage:

    Create a two-machine cluster with one control-plane node
    (which controls the cluster), and one worker node
    (where your workloads, like Pods and Deployments run).

${frame(row('On the first machine:'), `    ├${line}┤`, row('control-plane# kubeadm init'))}

${frame(row('On the second machine:'), `    ├${line}┤`, row('worker# kubeadm join <arguments-returned-from-init>'))}

    You can then repeat the second step on as many other machines as you like.

`;

/** The command that only shows the help of others. */
const help: KubeadmCommand = { name: 'help', words: '[command]', short: 'Help about any command', *run() {} };

export const kubeadm = (release: Release): KubeadmCommand => ({
  name: 'kubeadm',
  short: 'kubeadm: easily bootstrap a secure Kubernetes cluster',
  long,
  persistent: global,
  commands: [completion, config, init, join, reset, version(release), token, upgrade, alpha, certs, help],
});
