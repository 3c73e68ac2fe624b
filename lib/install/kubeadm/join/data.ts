// What the phases of `kubeadm join` work on (cmd/kubeadm/app/cmd/join.go).
import { verifyBindAddress } from '../configuration/dynamic-defaults.ts';
import { refuseMixed } from '../configuration/mixed.ts';
import { loadJoin } from '../configuration/read.ts';
import { joinDefaults } from '../configuration/static-defaults.ts';
import type { JoinConfiguration } from '../configuration/types.ts';
import type { KubeadmCall, Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { type KubeadmHost, log } from '../host.ts';
import type { Ignored } from '../preflight/check.ts';
import { ignoredChecks } from '../preflight/ignored.ts';
import { paths } from '../release.ts';
import type { Known } from './cluster.ts';

export interface JoinData {
  host: KubeadmHost;
  join: JoinConfiguration;
  ignored: Ignored;
  /** What the cluster has told of itself; asked for once. */
  known?: Known;
}

const controlPlaneFlags = ['certificate-key', 'apiserver-advertise-address', 'apiserver-bind-port'];

/** Without discovery flags of its own a phase uses what an earlier one has written. */
function discoveryOf({ host, flags, args, known }: KubeadmCall): JoinConfiguration['discovery'] {
  const file = flags.string('discovery-file');
  const token = flags.string('token');
  const tls = flags.string('tls-bootstrap-token') || token;
  if (!known.has('discovery-file')) {
    if (!host.files.find(paths.admin)) fail(`File ${paths.admin} does not exists. Please use 'kubeadm join phase control-plane-prepare' subcommands to generate it.`);
    return { file: { kubeConfigPath: paths.admin }, ...(tls && { tlsBootstrapToken: tls }) };
  }
  const [endpoint] = args;
  const bootstrapToken = {
    token: flags.string('discovery-token') || token,
    caCertHashes: flags.list('discovery-token-ca-cert-hash'),
    unsafeSkipCAVerification: flags.bool('discovery-token-unsafe-skip-ca-verification'),
    ...(endpoint !== undefined && { apiServerEndpoint: endpoint }),
  };
  return { ...(endpoint !== undefined && { bootstrapToken }), ...(file && { file: { kubeConfigPath: file } }), ...(tls && { tlsBootstrapToken: tls }) };
}

function fromFlags(call: KubeadmCall): JoinConfiguration {
  const { host, flags } = call;
  const [certificateKey, advertiseAddress] = controlPlaneFlags.map((name) => flags.string(name));
  const controlPlane = { localAPIEndpoint: { advertiseAddress: advertiseAddress!, bindPort: flags.int('apiserver-bind-port') }, certificateKey: certificateKey! };
  const asked = Boolean(certificateKey || advertiseAddress || (flags.has('apiserver-bind-port') && flags.int('apiserver-bind-port') !== 6443));
  if (!flags.bool('control-plane') && asked) log(host, 'join.go:346', `[preflight] WARNING: --control-plane is also required when passing control-plane related flags such as [${controlPlaneFlags.join(', ')}]`);
  return joinDefaults({
    nodeRegistration: { name: flags.string('node-name'), criSocket: flags.string('cri-socket') },
    discovery: discoveryOf(call),
    ...(flags.bool('control-plane') && { controlPlane }),
  });
}

export function* joinData(call: KubeadmCall): Steps<JoinData> {
  const { host, flags } = call;
  refuseMixed(flags);
  const join = loadJoin(host, flags.string('config'), fromFlags(call));
  const ignored = ignoredChecks(flags.list('ignore-preflight-errors'), join.nodeRegistration.ignorePreflightErrors);
  for (const [flag, field] of [['node-name', 'name'], ['cri-socket', 'criSocket']] as const) if (flags.string(flag)) join.nodeRegistration[field] = flags.string(flag);
  if (join.controlPlane) verifyBindAddress(join.controlPlane.localAPIEndpoint.advertiseAddress!);
  return { host, join, ignored };
}
