// Programs of a host of kubeadm: docker while its daemon runs, crictl, and which kubelet is installed.
import type { Machine } from '../../machine/index.ts';
import type { Command, DockerEngine } from '../../workloads/index.ts';
import type { Runtimes } from './services.ts';

/** Without its daemon docker has nobody to ask. */
export const dockerWhile = (runtimes: Runtimes, docker: Command): Command =>
  function* (argv, io, shell) {
    if (runtimes.running('docker')) return yield* docker(argv, io, shell);
    io.err('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n');
    return 1;
  };

export const kubeletOf = (gitVersion: string): Command =>
  function* (argv, io) {
    if (argv[1] === '--version') io.out(`Kubernetes ${gitVersion}\n`);
    else io.err('# 도움말: 이 kubelet은 kubeadm이 설정을 써 줄 때까지 할 일이 없다. 버전은 kubelet --version으로 본다.\n');
    return argv[1] === '--version' ? 0 : 1;
  };

const status = '{\n  "status": {\n    "conditions": [\n      { "type": "RuntimeReady", "status": true }\n    ]\n  }\n}\n';

/** Differs from crictl: info, pull, inspecti and images only. */
export const crictlOf = (runtimes: Runtimes, engine: DockerEngine): Command =>
  function* (argv, io) {
    const at = argv.findIndex((word) => word === '-r' || word === '--runtime-endpoint' || word === '-i');
    const socket = at < 0 ? 'unix:///var/run/containerd/containerd.sock' : (argv[at + 1] ?? '');
    const [verb = '', image = ''] = argv.slice(1).filter((word, i) => !word.startsWith('-') && i !== at);
    const service = runtimes.cri(socket);
    if ('error' in service) {
      io.err(`time="${new Date(engine.now).toISOString().slice(0, 19)}Z" level=fatal msg="connect: connect endpoint '${socket}', make sure you are running as root and the endpoint has been started: ${service.error.replaceAll('"', '\\"')}"\n`);
      return 1;
    }
    if (verb === 'inspecti') return service.hasImage(image) ? 0 : 1;
    if (verb !== 'pull') {
      const said: Record<string, string> = { info: status, images: engine.store.all().map(({ id }) => `${id}\n`).join('') };
      if (said[verb] === undefined) io.err(`No help topic for '${verb}'\n`);
      io.out(said[verb] ?? '');
      return said[verb] === undefined ? 3 : 0;
    }
    const failed = yield* service.pull(image);
    if (failed) io.err(`FATA[0000] pulling image: ${failed}\n`);
    else io.out(`Image is up to date for ${image}\n`);
    return failed ? 1 : 0;
  };

export const programsLeft = (machine: Machine, missing: readonly string[]): void => missing.forEach((name) => machine.programs.delete(name));
