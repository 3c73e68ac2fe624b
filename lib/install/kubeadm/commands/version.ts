// kubeadm version (cmd/kubeadm/app/cmd/version.go).
import { printYaml } from '../../../kubectl/index.ts';
import { type KubeadmCommand, noArgs } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { text } from '../frame/flags.ts';
import type { Release } from '../release.ts';

export const version = ({ gitVersion, gitCommit, buildDate, goVersion }: Release): KubeadmCommand => ({
  name: 'version',
  short: 'Print the version of kubeadm',
  flags: [text('output', "Output format; available options are 'yaml', 'json' and 'short'", { short: 'o' })],
  args: noArgs,
  *run({ host, flags }) {
    const [major = '', minor = ''] = gitVersion.slice(1).split('.');
    const clientVersion = { major, minor, gitVersion, gitCommit, gitTreeState: 'clean', buildDate, goVersion, compiler: 'gc', platform: `linux/${host.machine.os.arch}` };
    const printers: Record<string, () => string> = {
      '': () => `kubeadm version: &version.Info{${Object.entries(clientVersion).map(([name, value]) => `${name[0]!.toUpperCase()}${name.slice(1)}:${JSON.stringify(value)}`).join(', ')}}\n`,
      short: () => `${gitVersion}\n`,
      yaml: () => `${printYaml({ clientVersion })}\n`,
      json: () => `${JSON.stringify({ clientVersion }, null, 2)}\n`,
    };
    const output = flags.string('output');
    host.out((printers[output] ?? (() => fail(`invalid output format: ${output}`)))());
  },
});
