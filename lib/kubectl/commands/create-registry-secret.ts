import type { Call, Command } from '../session.ts';
import type { Manifest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { list, string } from '../flags.ts';
import { base64 } from '../generate.ts';

type Generator = (name: string, options: Omit<Command, 'name' | 'run'> & { make(call: Call): Manifest; what?: string }) => Command;

/** What docker login would write. */
function dockerConfig({ flags }: Call): string {
  const [username, password, email] = ['docker-username', 'docker-password', 'docker-email'].map((flag) => flags.string(flag));
  const entry = { ...(username && { username }), ...(password && { password }), ...(email && { email }), auth: base64(`${username}:${password}`) };
  return JSON.stringify({ auths: { [flags.string('docker-server')]: entry } });
}

/** `create secret docker-registry`: how kubelets log in where images are. */
export const registrySecret = (generator: Generator, nameArgument: (call: Call) => string): Command =>
  generator('docker-registry', {
    what: 'secret',
    short: 'Create a secret for use with a Docker registry',
    usage: 'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
    flags: [string('docker-username'), string('docker-password'), string('docker-email'), string('docker-server', undefined, 'https://index.docker.io/v1/'), list('from-file')],
    make(call) {
      const name = nameArgument(call);
      const { flags } = call;
      if (flags.list('from-file').length === 0 && ['docker-username', 'docker-password', 'docker-server'].some((flag) => !flags.string(flag))) {
        throw new CommandError('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
      }
      const text = flags.has('from-file') ? (call.options.files?.get(flags.all('from-file')[0]!.replace(/^\.dockerconfigjson=/, '')) ?? '') : dockerConfig(call);
      return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', metadata: { creationTimestamp: null, name } as never, data: { '.dockerconfigjson': base64(text) } };
    },
  });
