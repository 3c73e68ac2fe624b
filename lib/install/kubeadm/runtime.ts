// The container runtime, asked by its command line: docker, or crictl for all others (cmd/kubeadm/app/util/runtime).
import type { Steps } from './frame/command.ts';
import { exitError, type Finished, type KubeadmHost } from './host.ts';
import { paths } from './release.ts';

export interface ContainerRuntimeTool {
  readonly isDocker: boolean;
  /** What is wrong with it; undefined while it answers. */
  trouble(): Steps<string | undefined>;
  hasImage(image: string): Steps<boolean>;
  /** Why an image could not be pulled. */
  pull(image: string): Steps<string | undefined>;
  /** Ids of containers (docker) or pods (crictl) of a kubelet. */
  kubeContainers(): Steps<string[]>;
  /** What went wrong. */
  remove(ids: readonly string[]): Steps<string[]>;
}

const pullTries = 5;

/** As `errors.Wrapf(err, "… output: %s, error")` says it. */
const told = (finished: Finished | undefined, before = '') => `${before}output: ${finished?.output ?? ''}, error: ${exitError(finished)}`;
const ok = (finished: Finished | undefined) => exitError(finished) === undefined;

export function containerRuntime(host: KubeadmHost, socket: string): ContainerRuntimeTool | { error: string } {
  const isDocker = socket === paths.dockershim;
  const tool = isDocker ? 'docker' : 'crictl';
  if (!host.has(tool)) return { error: `${tool} is required for container runtime: exec: ${JSON.stringify(tool)}: executable file not found in $PATH` };
  const asked = isDocker ? ['docker'] : ['crictl', '-r', socket.startsWith('/') ? `unix://${socket}` : socket];
  const run = (...words: string[]) => host.run(...asked, ...words);
  return {
    isDocker,
    *trouble() {
      const finished = yield* run('info');
      return ok(finished) ? undefined : told(finished, 'container runtime is not running: ');
    },
    *hasImage(image) {
      return ok(yield* run(isDocker ? 'inspect' : 'inspecti', image));
    },
    *pull(image) {
      for (let i = 1; ; i++) {
        const finished = yield* run('pull', image);
        if (ok(finished)) return undefined;
        if (i === pullTries) return told(finished);
      }
    },
    *kubeContainers() {
      const finished = yield* isDocker ? run('ps', '-a', '--filter', 'name=k8s_', '-q') : run('pods', '-q');
      return (finished?.output ?? '').split(/\s+/).filter(Boolean);
    },
    *remove(ids) {
      const errors: string[] = [];
      const what = isDocker ? 'container' : 'pod';
      for (const id of ids) {
        const stopped = yield* run(isDocker ? 'stop' : 'stopp', id);
        if (!ok(stopped)) {
          errors.push(told(stopped, `failed to stop running ${what} ${id}: `));
          continue;
        }
        const removed = yield* isDocker ? run('rm', '--volumes', id) : run('rmp', id);
        if (!ok(removed)) errors.push(told(removed, `failed to remove running container ${id}: `));
      }
      return errors;
    },
  };
}
