// A container as the Docker engine keeps it: what was asked for, and the process behind it.
import type { DirectoryNode } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import type { Image } from '../images.ts';
import { humanDuration } from './human.ts';

export interface PortMapping {
  hostPort: number;
  /** Of the container. */
  port: number;
  protocol: string;
}

export interface VolumeMount {
  /** A path of the host, or the name of a volume. */
  source: string;
  target: string;
  readOnly: boolean;
}

/** What `docker run` was told. */
export interface RunRequest {
  /** As it was typed. */
  image: string;
  command: readonly string[];
  name?: string | undefined;
  entrypoint?: readonly string[] | undefined;
  env: Readonly<Record<string, string>>;
  workingDir?: string | undefined;
  user?: string | undefined;
  hostname?: string | undefined;
  ports: readonly PortMapping[];
  volumes: readonly VolumeMount[];
  memory?: number | undefined;
  cpus?: number | undefined;
  hostNetwork: boolean;
  privileged: boolean;
  readOnly: boolean;
  autoRemove: boolean;
}

export interface DockerContainer {
  readonly id: string;
  name: string;
  readonly request: RunRequest;
  readonly image: Image;
  readonly createdAt: number;
  /** Its process; undefined before the first start. */
  container?: Container;
  /** The sandbox it has at the moment. */
  uid?: string;
  root?: DirectoryNode;
}

export const isRunning = ({ container }: DockerContainer): boolean => container?.state === 'running';

export const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

/** `Up 5 seconds`, `Exited (137) 2 minutes ago`, `Created` */
export function statusText({ container }: DockerContainer, now: number): string {
  if (!container || container.state === 'created') return 'Created';
  if (container.state === 'running') return `Up ${humanDuration(now - container.startedAt)}`;
  return `Exited (${container.exitCode}) ${humanDuration(now - container.finishedAt)} ago`;
}
