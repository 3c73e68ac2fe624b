// kubeadm reset (cmd/kubeadm/app/cmd/reset.go).
import { text, toggle } from '../frame/flags.ts';
import { workflow } from '../frame/phases.ts';
import { paths } from '../release.ts';
import { finishReset, type ResetData, resetData } from '../reset/data.ts';
import { resetPhases } from '../reset/phases.ts';
import * as shared from './shared-flags.ts';

const flags = [
  text('cert-dir', 'The path to the directory where the certificates are stored. If specified, clean this directory.', { value: paths.certificates }),
  toggle('force', 'Reset the node without prompting for confirmation.', { short: 'f' }),
  shared.kubeconfig,
  shared.ignorePreflightErrors,
  shared.criSocket,
];

export const reset = workflow<ResetData>(
  { name: 'reset', short: "Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'", flags },
  { phases: resetPhases, data: resetData, around: { after: finishReset } },
);
