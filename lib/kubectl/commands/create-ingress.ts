// kubectl create ingress.
import type { Manifest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { list, string } from '../flags.ts';
import type { Call, Command } from '../session.ts';
import type { Generator } from './create-quota.ts';

/** `host/path=service:port[,tls[=secret]]` */
const ruleForm = /^([\w*\-.]*)(\/.*)=([\w-]+):([\w-]+)(?:,(tls)=?([\w-]+)?)?/;

interface Rule {
  host: string;
  path: string;
  service: string;
  tls: boolean;
  secret: string;
}

function ruleOf(text: string): Rule {
  if (!ruleForm.test(text)) throw new CommandError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  const [target = '', tls] = text.split(',');
  const slash = target.indexOf('/');
  const [path = '', service = ''] = target.slice(slash).split('=');
  return { host: target.slice(0, slash), path, service, tls: tls !== undefined, secret: tls?.split('=')[1] ?? '' };
}

function backend(text: string) {
  const [name = '', port = ''] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

const httpPath = ({ path, service }: Rule) => (path.endsWith('*') ? { path: path.slice(0, -1), pathType: 'Prefix', backend: backend(service) } : { path, pathType: 'Exact', backend: backend(service) });

/** One rule for each host, in the order of their first path. */
function rulesOf(rules: readonly Rule[]) {
  const paths = new Map<string, ReturnType<typeof httpPath>[]>();
  for (const rule of rules) paths.set(rule.host, [...(paths.get(rule.host) ?? []), httpPath(rule)]);
  return [...paths].map(([host, list]) => ({ ...(host && { host }), http: { paths: list } }));
}

/** Hosts that share a secret stand together; each host counts once. */
function tlsOf(rules: readonly Rule[]) {
  const hosts = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { host, tls, secret } of rules) {
    if (!tls || seen.has(host)) continue;
    seen.add(host);
    hosts.set(secret, [...(hosts.get(secret) ?? []), ...(host ? [host] : [])]);
  }
  return [...hosts].filter(([secret, list]) => secret || list.length > 0).map(([secretName, list]) => ({ ...(list.length > 0 && { hosts: list }), ...(secretName && { secretName }) }));
}

function annotationsOf(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 0) throw new CommandError(`annotation ${text} is invalid and should be in format key=[value]`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function ingress(name: string, { flags }: Call): Manifest {
  const [texts, fallback, ingressClassName] = [flags.all('rule'), flags.string('default-backend'), flags.string('class')];
  if (!fallback && texts.length === 0) throw new CommandError('not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)');
  const rules = texts.map(ruleOf);
  const annotations = annotationsOf(flags.all('annotation'));
  if (fallback && fallback.split(':').length !== 2) throw new CommandError('default-backend should be in format servicename:serviceport');
  const tls = tlsOf(rules);
  const spec = { ...(ingressClassName && { ingressClassName }), ...(fallback && { defaultBackend: backend(fallback) }), ...(tls.length > 0 && { tls }), ...(rules.length > 0 && { rules: rulesOf(rules) }) };
  const metadata = { name, creationTimestamp: null, ...(Object.keys(annotations).length > 0 && { annotations }) } as never;
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec, status: { loadBalancer: {} } };
}

export function ingressGenerator(generator: Generator, nameArgument: (call: Call) => string): Command {
  return generator('ingress', {
    aliases: ['ing'],
    short: 'Create an ingress with the specified name',
    usage: 'NAME --rule=host/path=service:port[,tls[=secret]]',
    flags: [string('class'), list('rule'), string('default-backend'), list('annotation')],
    make: (call) => ingress(nameArgument(call), call),
  });
}
