// Objects made from flags: what `create deployment`, `run`, `expose` … send.
import { isConfigMapKey, type Manifest } from '../api/index.ts';
import { CommandError } from './errors.ts';

/** Fields that Go writes even when they are empty, in the order it does not matter: printing sorts. */
const made = { creationTimestamp: null };

/** `nginx:1.19` → `nginx`: the name of a container made from its image. */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/[:@].*$/, '').replaceAll('_', '-').toLowerCase();
}

export interface DeploymentOptions {
  images: string[];
  replicas: number;
  port?: number;
  command: string[];
}

export function deploymentManifest(name: string, { images, replicas, port, command }: DeploymentOptions): Manifest {
  const labels = { app: name };
  const containers = images.map((image, i) => ({ image, name: containerName(image), resources: {}, ...(command.length > 0 && { command }), ...(i === 0 && port && { ports: [{ containerPort: port }] }) }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...made, name, labels } as never,
    spec: { replicas, selector: { matchLabels: labels }, strategy: {}, template: { metadata: { ...made, labels }, spec: { containers } } },
    status: {},
  };
}

export interface PodOptions {
  image: string;
  args: string[];
  asCommand: boolean;
  env: { name: string; value: string }[];
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  port?: number;
  restartPolicy: string;
  imagePullPolicy?: string;
  stdin: boolean;
  tty: boolean;
  privileged: boolean;
}

export function podManifest(name: string, options: PodOptions): Manifest {
  const { image, args, asCommand, env, labels, annotations, port, restartPolicy, imagePullPolicy, stdin, tty, privileged } = options;
  const container = {
    name,
    image,
    resources: {},
    ...(args.length > 0 && (asCommand ? { command: args } : { args })),
    ...(env.length > 0 && { env }),
    ...(port && { ports: [{ containerPort: port }] }),
    ...(imagePullPolicy && { imagePullPolicy }),
    ...(stdin && { stdin: true, stdinOnce: true }),
    ...(tty && { tty: true }),
    ...(privileged && { securityContext: { privileged: true } }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...made, name, labels, ...(annotations && Object.keys(annotations).length > 0 && { annotations }) } as never,
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy },
    status: {},
  };
}

export interface ServicePort {
  name?: string;
  protocol: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

export interface ServiceOptions {
  ports: ServicePort[];
  selector?: Record<string, string>;
  labels?: Record<string, string>;
  type?: string;
  clusterIP?: string;
  externalName?: string;
  externalIPs?: string[];
  sessionAffinity?: string;
}

export function serviceManifest(name: string, { ports, selector, labels, type, clusterIP, externalName, externalIPs, sessionAffinity }: ServiceOptions): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...made, name, ...(labels && Object.keys(labels).length > 0 && { labels }) } as never,
    spec: {
      ...(ports.length > 0 && { ports }),
      ...(selector && Object.keys(selector).length > 0 && { selector }),
      ...(type && { type }),
      ...(clusterIP && { clusterIP }),
      ...(externalName && { externalName }),
      ...(externalIPs && externalIPs.length > 0 && { externalIPs }),
      ...(sessionAffinity && { sessionAffinity }),
    },
    status: { loadBalancer: {} },
  };
}

/** `8080`, `8080:80`, `name:80`: a port of `create service --tcp`. */
export function tcpPort(text: string): ServicePort {
  const [left, right] = text.split(':');
  const number = (part: string) => {
    const n = Number(part);
    if (!/^\d+$/.test(part)) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(part)}: invalid syntax`);
    if (n > 65535) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(part)}: value out of range`);
    return n;
  };
  const port = number(left!);
  const targetPort = right === undefined ? port : /^\d+$/.test(right) ? number(right) : right;
  return { name: `${left}${right === undefined ? '' : `-${right}`}`, protocol: 'TCP', port, targetPort };
}

interface DataSources {
  /** Of the object, for messages. */
  name: string;
  literals: readonly string[];
  kind: 'ConfigMap' | 'Secret';
  files: readonly string[];
  /** The text of a file, or the files of a directory. */
  read(path: string): string | { name: string; text: string }[];
}

/** Values of --from-literal and --from-file. */
export function dataFrom({ name, kind, literals, files, read }: DataSources): Record<string, string> {
  const data: Record<string, string> = {};
  const add = (key: string, value: string) => {
    const wrong = isConfigMapKey(key).join(',');
    if (wrong) throw new CommandError(kind === 'Secret' ? `${JSON.stringify(key)} is not valid key name for a Secret ${wrong}` : `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong}`);
    if (key in data) throw new CommandError(kind === 'Secret' ? `cannot add key ${key}, another key by that name already exists` : `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`);
    data[key] = value;
  };
  for (const literal of literals) {
    const at = literal.indexOf('=');
    if (at <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, at), literal.slice(at + 1).replace(/^(['"])(.*)\1$/s, '$2'));
  }
  for (const source of files) {
    const at = source.indexOf('=');
    if (source.split('=').length > 2) throw new CommandError("key names or file paths cannot contain '='");
    const path = at < 0 ? source : source.slice(at + 1);
    const content = read(path);
    if (typeof content === 'string') add(at < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, at), content);
    else for (const file of content) add(file.name, file.text);
  }
  return data;
}

/** Base64 of a text's UTF-8 bytes. */
export function base64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
