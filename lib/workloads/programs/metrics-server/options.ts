// The command line of metrics-server (cmd/metrics-server/app/options): flags, what they default to, and what pflag says of wrong ones.
import { goMilliseconds } from '../agnhost/options.ts';
import { goDuration } from './log.ts';
import type { Release } from './releases.ts';

export interface Options {
  metricResolution: number;
  kubeletRequestTimeout: number;
  kubeletInsecureTLS: boolean;
  completelyInsecure: boolean;
  kubeletPort: number;
  useNodeStatusPort: boolean;
  addressTypes: readonly string[];
  kubeletAuthority: string;
  nodeSelector: string;
  securePort: number;
  certDir: string;
  /** `--tls-cert-file` is given: it makes none of its own. */
  hasCertificate: boolean;
  version: boolean;
  help: boolean;
}

type Kind = 'bool' | 'int' | 'duration' | 'string' | 'strings';

const since: Record<string, [kind: Kind, minor?: number]> = {
  'metric-resolution': ['duration'],
  'kubelet-insecure-tls': ['bool'],
  'deprecated-kubelet-completely-insecure': ['bool'],
  'kubelet-port': ['int'],
  'kubelet-preferred-address-types': ['strings'],
  'kubelet-certificate-authority': ['string'],
  'kubelet-use-node-status-port': ['bool', 4],
  'kubelet-client-key': ['string', 4],
  'kubelet-client-certificate': ['string', 4],
  version: ['bool', 4],
  'kubelet-request-timeout': ['duration', 7],
  'node-selector': ['string', 7],
  kubeconfig: ['string'],
  'bind-address': ['string'],
  'secure-port': ['int'],
  'cert-dir': ['string'],
  'tls-cert-file': ['string'],
  'tls-private-key-file': ['string'],
  'tls-min-version': ['string'],
  'tls-cipher-suites': ['strings'],
  'authentication-kubeconfig': ['string'],
  'authorization-kubeconfig': ['string'],
  'authentication-skip-lookup': ['bool'],
  'authentication-tolerate-lookup-failure': ['bool'],
  'authorization-always-allow-paths': ['strings'],
  'client-ca-file': ['string'],
  'requestheader-client-ca-file': ['string'],
  'requestheader-allowed-names': ['strings'],
  'requestheader-username-headers': ['strings'],
  'requestheader-group-headers': ['strings'],
  'requestheader-extra-headers-prefix': ['strings'],
  'audit-log-path': ['string', 5],
  'audit-policy-file': ['string', 5],
  'contention-profiling': ['bool'],
  profiling: ['bool'],
  'logging-format': ['string', 6],
  logtostderr: ['bool'],
  v: ['int'],
  vmodule: ['string'],
  help: ['bool'],
};

const shorthands: Record<string, string> = { v: 'v', h: 'help', l: 'node-selector' };

/** What a flag was given; throws an Error in pflag's words. Differs from metrics-server: of the flags of apiserver those that one meets. */
function flagsOf(args: readonly string[], minor: number): Map<string, string> {
  const found = new Map<string, string>();
  const known = (name: string): Kind | undefined => {
    const [kind, from = 0] = Object.hasOwn(since, name) ? since[name]! : [];
    return kind && minor >= from ? kind : undefined;
  };
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') continue;
    const short = !word.startsWith('--');
    const [, name = '', value] = /^-{1,2}([^=]*)(?:=(.*))?$/s.exec(word)!;
    if (name === '' || /^[-=]/.test(name)) throw new Error(`bad flag syntax: ${word}`);
    const full = short ? (shorthands[name[0]!] ?? '') : name;
    const kind = known(full);
    if (!kind) throw new Error(short ? `unknown shorthand flag: '${name[0]}' in ${word}` : `unknown flag: --${name}`);
    const given = value ?? (short && name.length > 1 ? name.slice(1) : undefined) ?? (kind === 'bool' ? 'true' : args[++i]);
    if (given === undefined) throw new Error(short ? `flag needs an argument: '${name[0]}' in ${word}` : `flag needs an argument: --${name}`);
    found.set(full, checked(full, kind, given));
  }
  return found;
}

function checked(name: string, kind: Kind, value: string): string {
  const refuse = (why: string) => new Error(`invalid argument ${JSON.stringify(value)} for "${name === 'v' ? '-v, --v' : `--${name}`}" flag: ${why}`);
  if (kind === 'bool' && !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value)) throw refuse(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  if (kind === 'int' && !/^[+-]?\d+$/.test(value)) throw refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  if (kind === 'duration' && goMilliseconds(value) === undefined) throw refuse(`${/^\d+$/.test(value) ? 'time: missing unit in duration' : 'time: invalid duration'} ${JSON.stringify(value)}`);
  return value;
}

export function optionsOf(argv: readonly string[], { minor }: Release): Options {
  const flags = flagsOf(argv.slice(1), minor);
  const bool = (name: string) => /^(1|t)/i.test(flags.get(name) ?? '');
  const time = (name: string, usual: number) => goMilliseconds(flags.get(name) ?? '') ?? usual;
  const metricResolution = time('metric-resolution', 60_000);
  return {
    metricResolution,
    // Until v0.6 nine tenths of the time between two scrapes.
    kubeletRequestTimeout: minor >= 7 ? time('kubelet-request-timeout', 10_000) : metricResolution * 0.9,
    kubeletInsecureTLS: bool('kubelet-insecure-tls'),
    completelyInsecure: bool('deprecated-kubelet-completely-insecure'),
    kubeletPort: Number(flags.get('kubelet-port') ?? 10250),
    useNodeStatusPort: bool('kubelet-use-node-status-port'),
    addressTypes: flags.get('kubelet-preferred-address-types')?.split(',') ?? ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'],
    kubeletAuthority: flags.get('kubelet-certificate-authority') ?? '',
    nodeSelector: flags.get('node-selector') ?? '',
    securePort: Number(flags.get('secure-port') ?? 443),
    certDir: flags.get('cert-dir') ?? 'apiserver.local.config/certificates',
    hasCertificate: (flags.get('tls-cert-file') ?? '') !== '',
    version: bool('version'),
    help: bool('help'),
  };
}

/** What is wrong with them together, the first thing. */
export function problemOf({ metricResolution, kubeletRequestTimeout, kubeletInsecureTLS, completelyInsecure, kubeletAuthority }: Options, { minor }: Release): string | undefined {
  if (minor < 5) return undefined;
  if (kubeletAuthority && kubeletInsecureTLS) return 'cannot use both --kubelet-certificate-authority and --kubelet-insecure-tls';
  if (kubeletInsecureTLS && completelyInsecure) return 'cannot use both --kubelet-insecure-tls and --deprecated-kubelet-completely-insecure';
  if (metricResolution < 10_000) return `metric-resolution should be a time duration at least 10s, but value ${goDuration(metricResolution)} provided`;
  if (minor >= 7 && metricResolution * 0.9 < kubeletRequestTimeout) return `metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value ${goDuration(metricResolution)} kubelet-request-timeout value ${goDuration(kubeletRequestTimeout)} provided`;
  return undefined;
}
