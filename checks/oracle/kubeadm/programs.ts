// Programs that answer as those of the recording did: docker, crictl, systemctl, kubelet.
import type { Command } from '../../../lib/workloads/index.ts';

export interface Answers {
  docker?: { down?: boolean; driver?: string; version?: string; graph?: string; pullFails?: boolean };
  crictl?: { down?: boolean };
  kubelet?: { version?: string };
  /** Units → what is other than usual. */
  units?: Readonly<Record<string, { missing?: boolean; disabled?: boolean; inactive?: boolean }>>;
}

const says = (run: (args: readonly string[]) => { out?: string; err?: string; code?: number }): Command =>
  function* (argv, io) {
    const { out = '', err = '', code = 0 } = run(argv.slice(1));
    io.out(out);
    io.err(err);
    return code;
  };

const daemonDown = { err: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n', code: 1 };
const pullFailed = { err: 'Error response from daemon: Get https://k8s.gcr.io/v2/: net/http: request canceled while waiting for connection\n', code: 1 };
const runtimeDown = { err: 'time="2021-02-01T00:00:00Z" level=fatal msg="connect: connect endpoint, make sure you are running as root and the endpoint has been started: context deadline exceeded"\n', code: 1 };

export function programsOf({ docker = {}, crictl = {}, kubelet = {}, units = {} }: Answers): Record<string, Command> {
  const { down = false, driver = 'systemd', version = '19.03.14', graph = 'overlay2', pullFails = false } = docker;
  const all = { firewalld: { missing: true, inactive: true }, ...units };
  const unit = (name: string): { missing?: boolean; disabled?: boolean; inactive?: boolean } => (all as NonNullable<Answers['units']>)[name] ?? {};
  return {
    docker: says(([verb, , format = '']) => {
      if (down) return daemonDown;
      if (verb === 'info') return { out: format.includes('CgroupDriver') ? `${driver}\n` : format.includes('json') ? `${JSON.stringify({ Driver: graph, ServerVersion: version })}\n` : '' };
      if (verb === 'inspect') return { code: 1 };
      return verb === 'pull' && pullFails ? pullFailed : {};
    }),
    crictl: says(([, , verb]) => (verb === 'inspecti' ? { code: 1 } : crictl.down ? runtimeDown : {})),
    kubelet: says(() => ({ out: `Kubernetes ${kubelet.version ?? 'v1.20.2'}\n` })),
    systemctl: says(([verb, name = '']) => {
      const { missing, disabled, inactive } = unit(name);
      if (verb === 'status') return missing ? { out: `  Loaded: not-found (Reason: Unit ${name}.service not found.)\n`, code: 4 } : { out: '  Loaded: loaded\n' };
      if (verb === 'is-enabled') return disabled || missing ? { out: 'disabled\n', code: 1 } : { out: 'enabled\n' };
      if (verb === 'is-active') return inactive ? { out: 'inactive\n', code: 3 } : { out: 'active\n' };
      return {};
    }),
  };
}

/** `timeout 8 kubeadm join …` */
export const timeout: Command = function* ([, seconds, ...argv], io, shell) {
  const steps = shell.copy().command(argv, io);
  let left = Number(seconds) * 1000;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (step.value >= left) return steps.return(0), yield left, 124;
    left -= step.value;
    yield step.value;
  }
};
