// kubeadm completion (cmd/kubeadm/app/cmd/completion.go).
import type { KubeadmCommand } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';

export const completion: KubeadmCommand = {
  name: 'completion',
  words: 'SHELL',
  short: 'Output shell completion code for the specified shell (bash or zsh)',
  long: `
Output shell completion code for the specified shell (bash or zsh).
The shell code must be evaluated to provide interactive
completion of kubeadm commands. This can be done by sourcing it from
the .bash_profile.

Note: this requires the bash-completion framework.

To install it on Mac use homebrew:
    $ brew install bash-completion
Once installed, bash_completion must be evaluated. This can be done by adding the
following line to the .bash_profile
    $ source $(brew --prefix)/etc/bash_completion

If bash-completion is not installed on Linux, please install the 'bash-completion' package
via your distribution's package manager.

Note for zsh users: [1] zsh completions are only supported in versions of zsh >= 5.2`,
  example: `
# Install bash completion on a Mac using homebrew
brew install bash-completion
printf "\\n# Bash completion support\\nsource $(brew --prefix)/etc/bash_completion\\n" >> $HOME/.bash_profile
source $HOME/.bash_profile

# Load the kubeadm completion code for bash into the current shell
source <(kubeadm completion bash)

# Write bash completion code to a file and source it from .bash_profile
kubeadm completion bash > ~/.kube/kubeadm_completion.bash.inc
printf "\\n# Kubeadm shell completion\\nsource '$HOME/.kube/kubeadm_completion.bash.inc'\\n" >> $HOME/.bash_profile
source $HOME/.bash_profile

# Load the kubeadm completion code for zsh[1] into the current shell
source <(kubeadm completion zsh)`,
  *run({ args: [shell, ...more] }) {
    if (shell === undefined) fail('shell not specified');
    if (more.length > 0) fail('too many arguments. expected only the shell type');
    if (!/^(bash|zsh)$/.test(shell!)) fail(`unsupported shell type ${JSON.stringify(shell)}`);
    notBuilt('completion');
  },
};
