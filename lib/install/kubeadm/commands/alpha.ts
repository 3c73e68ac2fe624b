// kubeadm alpha (cmd/kubeadm/app/cmd/alpha): what may change, and what has moved to another place.
import { type KubeadmCommand, macroDescription, noArgs } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { list, text, toggle } from '../frame/flags.ts';
import { notBuilt } from '../frame/not-built.ts';
import { paths } from '../release.ts';
import { certs } from './certs.ts';
import * as shared from './shared-flags.ts';

const disclaimer = 'Alpha Disclaimer: this command is currently alpha.';

const user: KubeadmCommand = {
  name: 'user',
  short: 'Output a kubeconfig file for an additional user',
  long: `Output a kubeconfig file for an additional user.\n\n${disclaimer}`,
  example: '  # Output a kubeconfig file for an additional user named foo using a kubeadm config file bar\n  kubeadm alpha kubeconfig user --client-name=foo --config=bar',
  flags: [
    shared.config,
    text('token', 'The token that should be used as the authentication mechanism for this kubeconfig, instead of client certificates'),
    text('client-name', 'The name of user. It will be used as the CN if client certificates are created'),
    list('org', 'The orgnizations of the client certificate. It will be used as the O if client certificates are created'),
  ],
  args: noArgs,
  *run({ flags }) {
    const missing = ['client-name', 'config'].filter((name) => !flags.has(name));
    if (missing.length > 0) fail(`required flag(s) ${missing.map((name) => JSON.stringify(name)).join(', ')} not set`);
    notBuilt('alpha kubeconfig user');
  },
};

const selfhosting = 'self-hosting support in kubeadm is deprecated and will be removed in a future release';

const pivot: KubeadmCommand = {
  name: 'pivot',
  aliases: ['from-staticpods'],
  deprecated: selfhosting,
  short: 'Convert a static Pod-hosted control plane into a self-hosted one',
  long: `Convert static Pod files for control plane components into self-hosted DaemonSets configured via the Kubernetes API.\n\nSee the documentation for self-hosting limitations.\n\n${disclaimer}`,
  example: '  # Convert a static Pod-hosted control plane into a self-hosted one.\n  \n  kubeadm alpha phase self-hosting convert-from-staticpods',
  flags: [
    text('cert-dir', 'The path where certificates are stored', { value: paths.certificates }),
    shared.config,
    toggle('store-certs-in-secrets', 'Enable storing certs in secrets', { short: 's' }),
    toggle('force', 'Pivot the cluster without prompting for confirmation', { short: 'f' }),
    shared.kubeconfig,
  ],
  args: noArgs,
  *run() {
    notBuilt('alpha selfhosting pivot');
  },
};

const moved = (command: KubeadmCommand): KubeadmCommand => ({ ...command, deprecated: 'please use the same command under "kubeadm certs"', ...(command.commands && { commands: command.commands.map(moved) }) });

export const alpha: KubeadmCommand = {
  name: 'alpha',
  short: 'Kubeadm experimental sub-commands',
  commands: [
    { name: 'kubeconfig', short: 'Kubeconfig file utilities', long: `Kubeconfig file utilities.\n\n${disclaimer}`, commands: [user] },
    { name: 'selfhosting', aliases: ['selfhosted', 'self-hosting'], deprecated: selfhosting, short: 'Make a kubeadm cluster self-hosted', long: macroDescription, commands: [pivot] },
    moved(certs),
  ],
};
