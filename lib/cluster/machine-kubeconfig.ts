// The kubeconfig that kubectl finds on a machine: which file, in whose name it is read, and what stands in it
// (client-go/tools/clientcmd/loader.go).
import { readCertificate } from '../etcd/index.ts';
import { type KubeConfig, parseYaml, printYaml } from '../kubectl/index.ts';
import { FileError, type FileView, resolvePath } from '../machine/index.ts';

interface ClusterEntry {
  server?: string;
  'certificate-authority-data'?: string;
  'certificate-authority'?: string;
  'insecure-skip-tls-verify'?: boolean;
}

interface UserEntry {
  'client-certificate-data'?: string;
  'client-certificate'?: string;
  token?: string;
}

interface FileContent {
  clusters?: { name: string; cluster: ClusterEntry }[] | null;
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[] | null;
  users?: { name: string; user: UserEntry }[] | null;
  'current-context'?: string;
}

/** What the file says beside names: how a server is believed, and what a user shows. */
export interface Kubeconfig {
  config: KubeConfig;
  /** Where it was read; written back there when a command changes it. */
  path: string;
  content: FileContent;
}

export interface Found {
  kubeconfig?: Kubeconfig;
  /** What kubectl says on the way. */
  warning?: string;
  error?: string;
}

interface Place {
  files: FileView;
  env: ReadonlyMap<string, string>;
  cwd: string;
  /** `--kubeconfig` */
  explicit: string | undefined;
}

/** `--kubeconfig`, else $KUBECONFIG, else .kube/config of the HOME. Differs from kubectl: of several files in $KUBECONFIG the first that is there. */
export function findKubeconfig({ files, env, cwd, explicit }: Place): Found {
  if (explicit !== undefined && files.find(resolvePath(explicit, cwd)) === undefined) return { error: `error: stat ${explicit}: no such file or directory` };
  const named = env.get('KUBECONFIG') ?? '';
  const home = env.get('HOME') ?? '';
  const paths = explicit !== undefined ? [explicit] : named !== '' ? named.split(':').filter(Boolean) : home === '' ? [] : [`${home}/.kube/config`];
  for (const path of paths) {
    const full = resolvePath(path, cwd);
    try {
      const text = files.readFile(full);
      return { kubeconfig: read(text, full) };
    } catch (error) {
      if (!(error instanceof FileError)) return { error: `error: error loading config file ${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}` };
      if (error.code !== 'ENOENT') return { error: `error: error loading config file ${JSON.stringify(path)}: open ${path}: ${error.message.toLowerCase()}` };
    }
  }
  return explicit === undefined && named !== '' ? { warning: `Config not found: ${paths.join(', ')}` } : {};
}

function read(text: string, path: string): Kubeconfig {
  const content = (parseYaml(text) ?? {}) as FileContent;
  const config: KubeConfig = {
    currentContext: content['current-context'] ?? '',
    clusters: (content.clusters ?? []).map(({ name, cluster }) => ({ name, server: cluster?.server ?? '' })),
    contexts: (content.contexts ?? []).map(({ name, context }) => ({ name, ...context })),
    users: (content.users ?? []).map(({ name, user }) => ({ name, ...(user?.token && { token: user.token }) })),
  };
  return { config, path, content };
}

/** What a command changed of contexts goes back into the file. */
export function writeBack(files: FileView, { config, path, content }: Kubeconfig): void {
  const contexts = config.contexts.map(({ name, ...context }) => ({ context, name }));
  const text = printYaml({ ...content, contexts, 'current-context': config.currentContext });
  if (text !== files.read(path)) files.write(path, text);
}

const inFile = (data: string | undefined, path: string | undefined, files: FileView) => (data !== undefined ? atob(data) : path === undefined ? undefined : files.read(path));

/** The authority that it trusts for a server, as PEM; undefined: those of the operating system. */
export const authorityOf = ({ content }: Kubeconfig, server: string, files: FileView): { text: string | undefined; insecure: boolean } => {
  const cluster = content.clusters?.find((one) => one.cluster?.server?.replace(/^https?:\/\//, '') === server)?.cluster;
  return { text: inFile(cluster?.['certificate-authority-data'], cluster?.['certificate-authority'], files), insecure: cluster?.['insecure-skip-tls-verify'] === true };
};

export interface ClientCertificate {
  subject: string;
  organization?: string;
  issuer: string;
  signedBy?: string;
}

/** Whose certificate a user of the file shows. */
export function certificateOf({ content }: Kubeconfig, name: string, files: FileView): ClientCertificate | undefined {
  const user = content.users?.find((one) => one.name === name)?.user;
  const text = inFile(user?.['client-certificate-data'], user?.['client-certificate'], files);
  return text === undefined ? undefined : (readCertificate(text) as ClientCertificate | undefined);
}
