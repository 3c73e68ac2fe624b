// The container runtime, asked over its socket: what kubeadm does since v1.31 (cmd/kubeadm/app/util/runtime).
import type { Steps } from './frame/command.ts';
import type { KubeadmHost } from './host.ts';
import type { ContainerRuntimeTool } from './runtime.ts';

/** A container runtime at its socket. */
export interface CriService {
  hasImage(image: string): boolean;
  /** Why an image could not be pulled, in the words of gRPC. */
  pull(image: string): Steps<string | undefined>;
}

/** What becomes of a connection to a socket: somebody who speaks CRI, or what gRPC says. */
export type CriDial = CriService | { error: string };

export function criRuntime({ cri }: KubeadmHost, socket: string): ContainerRuntimeTool | { error: string } {
  const service = cri(socket);
  if ('error' in service) return { error: `failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint ${JSON.stringify(socket)}: ${service.error}` };
  return {
    isDocker: false,
    *trouble() {
      return undefined;
    },
    *hasImage(image) {
      return service.hasImage(image);
    },
    pull: (image) => service.pull(image),
    *kubeContainers() {
      return [];
    },
    *remove() {
      return [];
    },
  };
}

/** Nobody is there, or it does not speak CRI. */
export const criErrors = {
  missing: (path: string) => `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: no such file or directory"`,
  disabled: 'rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService',
} as const;
