// The socket between kubelet and container runtime (CRI): what the kubelet asks, what the runtime keeps.
// The containers are the machine's own: they live on when the kubelet crashes and die when the power goes.

import type { Credentials, Mount } from './files/index.ts';

export interface ImageStatus {
  /** `sha256:…` of the image's configuration. */
  id: string;
  /** What a container's `imageID` says: repository@digest. */
  ref: string;
  /** Name as the runtime reports it in a container's status. */
  name: string;
  repoTags: readonly string[];
  repoDigests: readonly string[];
  size: number;
  /** User that its containers run as, as the image names it. */
  user?: string;
  /** When it came to this machine, and when the last of its containers was thrown away. */
  readonly since: number;
  lastUsed: number;
}

/** Whom a registry lets in. */
export interface RegistryLogin {
  username: string;
  password: string;
}

export interface ContainerConfig {
  name: string;
  image: ImageStatus;
  attempt: number;
  command?: readonly string[];
  args?: readonly string[];
  /** Asked for when something looks at the environment: building it for every container costs too much. */
  env(): Readonly<Record<string, string>>;
  workingDir?: string;
  /** What is mounted: volumes, and the files that the kubelet writes. Asked for when something looks at the files. */
  mounts(): readonly Mount[];
  memoryLimit?: number;
  /** CPUs. */
  cpuLimit?: number;
  /** Requests and limits that the two were made of; another value changes them. */
  resources?: { requests?: Readonly<Record<string, string>>; limits?: Readonly<Record<string, string>> } | undefined;
  /** Its weight against others where CPUs are short. Default 1024. */
  cpuShares?: number;
  /** Its standard input stays open, for whoever attaches; `stdinOnce`: until the first of them leaves. */
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
  terminationMessagePath?: string;
  /** With an error and no message the end of the log is the message. */
  messageFromLogs?: boolean;
  /** Who runs it; the image's user when missing. */
  user?: Credentials | undefined;
  readOnlyRoot?: boolean;
  /** Whose processes it sees beside its own: those of one container of the pod, or (`''`) of all. */
  processesOf?: string | undefined;
  privileges?: Privileges | undefined;
}

/** What a process may do beside what its user may. */
export interface Privileges {
  readonly privileged: boolean;
  /** Programs with the setuid bit run as their owner. */
  readonly mayEscalate: boolean;
  /** Capabilities that were added and dropped, without `CAP_`. */
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** The kernel looks at each of its system calls. */
  readonly filtered?: boolean;
}

export type ContainerState = 'created' | 'running' | 'exited';

export interface ContainerRecord {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly state: ContainerState;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  /** Bytes in use. */
  readonly memory: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`. */
  readonly reason: string;
  readonly message: string;
}

/** What a running container uses. */
export interface ContainerUsage {
  /** Nanoseconds of CPU time since it started. */
  cpu: number;
  /** CPUs at the moment. */
  cores: number;
  /** Bytes. */
  memory: number;
}

/** A port of the host that leads to a port of a pod; `hostIP` where it is one of the host's addresses only. */
export interface PortMapping {
  protocol: 'tcp' | 'udp' | 'sctp';
  hostPort: number;
  containerPort: number;
  hostIP?: string;
}

export interface SandboxConfig {
  uid: string;
  name: string;
  namespace: string;
  hostname: string;
  hostNetwork: boolean;
  attempt: number;
  /** Below which control group its containers are; `scope` comes before their id where systemd names them. */
  cgroup?: { parent: string; scope?: string };
  portMappings?: readonly PortMapping[];
  /** Kernel parameters of its own, by name with dots. */
  sysctls?: Readonly<Record<string, string>>;
}

/** All that the runtime has of one pod. */
export interface PodRecord {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly sandboxId: string;
  readonly sandboxReady: boolean;
  /** Why the last sandbox could not be made; empty when it could. */
  readonly sandboxError: string;
  /** How often a sandbox was made for this pod before this one. */
  readonly attempt: number;
  readonly ip: string;
  /** All its addresses, at most one of a family, the first one first; none before it has one. */
  readonly ips: readonly string[];
  /** Newest first. */
  readonly containers: readonly ContainerRecord[];
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** Set when the command could not be started at all. */
  error?: string;
  /** Milliseconds the command would have run. */
  took?: number;
  /** It would have gone on: after how many milliseconds it was stopped. */
  interrupted?: number;
}

/** The streams of a command that somebody is connected to. */
export interface SessionOptions {
  stdin: boolean;
  tty: boolean;
  out(text: string): void;
  err(text: string): void;
  /** `error` is set when the command could not be started. */
  done(result: { exitCode: number; error?: string }): void;
}

/** A command with somebody at the other end. */
export interface Session {
  write(text: string): void;
  /** The end of its input. */
  close(): void;
  /** Nobody listens any more. */
  stop(): void;
  /** False when its container has ended. */
  alive(): boolean;
}

export interface LogOptions {
  tailLines?: number;
  /** Milliseconds since 1970. */
  since?: number;
  timestamps?: boolean;
  limitBytes?: number;
}

export interface Runtime {
  /** `containerd` or `docker`. */
  readonly name: string;
  readonly version: string;
  /** Since when it does not answer (milliseconds): its daemon is down, the containers run on. Missing: it answers. */
  silentSince?: number | undefined;
  readonly pods: ReadonlyMap<string, PodRecord>;
  /** Called when a sandbox or container changed; the kubelet sets it. */
  onChange: ((uid: string) => void) | undefined;
  /** Why pods cannot be networked yet. */
  networkProblem(): string | undefined;
  /** The image if it lies on this machine. Throws when the name is malformed. */
  image(name: string): ImageStatus | undefined;
  images(): readonly ImageStatus[];
  /** Grows with every image that comes or goes. */
  readonly imagesChanged: number;
  /** Whether there is a container of it, running or not. */
  imageInUse(image: ImageStatus): boolean;
  removeImage(name: string): void;
  /** Downloads; `done` is called with an error's text or nothing. */
  pull(name: string, done: (error: string | undefined) => void, login?: RegistryLogin): void;
  /** Makes a sandbox; onChange tells when it is ready. */
  runSandbox(config: SandboxConfig): void;
  createContainer(uid: string, config: ContainerConfig): ContainerRecord;
  startContainer(id: string): void;
  /** Its requests or limits are others now. */
  updateContainer(id: string): void;
  /** SIGTERM, after `grace` milliseconds SIGKILL; onChange tells when it has ended. */
  stopContainer(id: string, grace: number): void;
  /** Ends the sandbox and gives back its address; the containers' records stay. */
  stopSandbox(uid: string): void;
  removePod(uid: string): void;
  /** Throws away what is left of containers that have ended. */
  removeEnded(uid: string): void;
  /** Bytes that a container wrote into its own files and its log. */
  diskUsage(id: string): number;
  /** What a container uses; undefined when it does not run. */
  usage(id: string): ContainerUsage | undefined;
  /** Nanoseconds of CPU time since the machine booted, of all containers that there were. */
  readonly cpuTime: number;
  exec(id: string, command: readonly string[], options?: { stdin?: string; endless?: number | undefined }): ExecResult;
  /** Connects to the main process; undefined when it reads nothing: its output is in the log. */
  attach(id: string, options: SessionOptions): Session | undefined;
  /** Starts a command whose streams stay open. */
  session(id: string, command: readonly string[], options: SessionOptions): Session;
  logs(id: string, options?: LogOptions): string;
  /** Tells of running containers whose log has so many bytes, at every further line. */
  watchLogs(limit: number, large: (id: string) => void): void;
  /** Begins a new file, of which there are at most so many. */
  rotateLog(id: string, maxFiles: number): void;
}
