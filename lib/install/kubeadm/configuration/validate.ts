// What is wrong with a configuration (cmd/kubeadm/app/apis/kubeadm/validation/validation.go).
// Differs from Kubernetes: the configuration of the kubelet and of kube-proxy is not looked into, as v1.20 does not either.
import { type FieldError, invalid, isDNS1123Subdomain, isWildcardDNS1123Subdomain, parseIP, required } from '../../../api/index.ts';
import { isPort, readHostPort, splitHostPort } from './endpoint.ts';
import { knownFeatures } from './feature-gates.ts';
import type { APIEndpoint, BootstrapTokenSpec, ClusterConfiguration, Discovery, ExternalEtcd, InitConfiguration, JoinConfiguration, NodeRegistration } from './types.ts';
import { validateNetworking } from './validate-networking.ts';

export const tokenPattern = '\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z';
export const isToken = (text: string): boolean => /^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(text);
const groupPattern = '\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z';

/** A list of texts in Go's syntax, as errors show it. */
const invalidList = (field: string, values: readonly string[], why: string): FieldError => ({ ...invalid(field, '', ''), message: `Invalid value: []string{${values.map((value) => JSON.stringify(value)).join(', ')}}: ${why}` });
const absolute = (path: string | undefined, field: string) => (path?.startsWith('/') ? [] : [invalid(field, path ?? '', 'path is not absolute')]);
const token = (text: string | undefined, field: string) => (isToken(text ?? '') ? [] : [invalid(field, text ?? '', 'the bootstrap token is invalid')]);

export function validateInit(init: InitConfiguration): FieldError[] {
  return [...validateNode(init.nodeRegistration), ...init.bootstrapTokens.flatMap(validateToken), ...validateCluster(init.cluster), ...validateEndpoint(init.localAPIEndpoint, 'localAPIEndpoint')];
}

export function validateJoin({ discovery, nodeRegistration, controlPlane, caCertPath = '' }: JoinConfiguration, exists: (path: string) => boolean): FieldError[] {
  return [
    ...validateDiscovery(discovery, exists),
    ...validateNode(nodeRegistration),
    ...(controlPlane ? validateEndpoint(controlPlane.localAPIEndpoint, 'controlPlane.localAPIEndpoint') : []),
    ...(/^\/.*\.crt$/.test(caCertPath) ? [] : [invalid('caCertPath', caCertPath, 'the ca certificate path must be an absolute path')]),
  ];
}

const missingName = "--node-name or .nodeRegistration.name in the config file is a required value. It seems like this value couldn't be automatically detected in your environment, please specify the desired value using the CLI or config file.";

function validateNode({ name, criSocket = '' }: NodeRegistration): FieldError[] {
  const names = name ? isDNS1123Subdomain(name).map((why) => invalid('nodeRegistration.name', name, why)) : [required('nodeRegistration', missingName)];
  return [...names, ...validateSocket(criSocket)];
}

function validateSocket(socket: string): FieldError[] {
  const [, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(socket) ?? [];
  if (scheme === undefined) return socket.startsWith('/') ? [] : [invalid('nodeRegistration.criSocket', socket, `path is not absolute: ${socket}`)];
  return scheme.toLowerCase() === 'unix' ? [] : [invalid('nodeRegistration.criSocket', socket, `URL scheme ${scheme.toLowerCase()} is not supported`)];
}

function validateToken({ token: text = '', usages = [], groups = [], ttl, expires }: BootstrapTokenSpec, i: number): FieldError[] {
  const path = `bootstrapTokens.${i}`;
  const strange = usages.filter((usage) => !['signing', 'authentication'].includes(usage)).sort();
  return [
    ...token(text, `${path}.token`),
    ...(strange.length > 0 ? [invalidList(`${path}.usages`, usages, `invalid bootstrap token usage string: ${strange.join(',')}, valid usage options: signing,authentication`)] : []),
    ...(groups.length > 0 && !usages.includes('authentication') ? [invalidList(`${path}.groups`, groups, 'token groups cannot be specified unless --usages includes "authentication"')] : []),
    ...groups.filter((group) => !/^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group)).map((group) => invalidList(`${path}.groups`, groups, `bootstrap group ${JSON.stringify(group)} is invalid (must match ${groupPattern})`)),
    ...(ttl && expires ? [invalid(path, '', 'the BootstrapToken .TTL and .Expires fields are mutually exclusive')] : []),
  ];
}

function validateCluster(cluster: ClusterConfiguration): FieldError[] {
  const { apiServer, certificatesDir, featureGates = {}, controlPlaneEndpoint } = cluster;
  return [
    ...validateNetworking(cluster),
    ...alternativeNames(apiServer.certSANs, 'apiServer.certSANs'),
    ...absolute(certificatesDir, 'certificatesDir'),
    ...Object.keys(featureGates).filter((name) => !knownFeatures.includes(name)).map((name) => ({ ...invalid('featureGates', '', ''), message: `Invalid value: map[string]bool{${Object.entries(featureGates).map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(', ')}}: ${name} is not a valid feature name.` })),
    ...(controlPlaneEndpoint && 'error' in readHostPort(controlPlaneEndpoint) ? [invalid('controlPlaneEndpoint', controlPlaneEndpoint, 'endpoint is not valid')] : []),
    ...validateEtcd(cluster.etcd),
  ];
}

function validateEtcd({ local, external }: ClusterConfiguration['etcd']): FieldError[] {
  if (!local && !external) return [invalid('etcd', '', 'either .Etcd.Local or .Etcd.External is required')];
  if (local && external) return [invalid('etcd', '', '.Etcd.Local and .Etcd.External are mutually exclusive')];
  if (external) return validateExternalEtcd(external);
  return [...absolute(local!.dataDir, 'etcd.local.dataDir'), ...alternativeNames(local!.serverCertSANs, 'etcd.local.serverCertSANs'), ...alternativeNames(local!.peerCertSANs, 'etcd.local.peerCertSANs')];
}

function validateExternalEtcd({ endpoints = [], caFile = '', certFile = '', keyFile = '' }: ExternalEtcd): FieldError[] {
  const path = 'etcd.external';
  const secure = Boolean(caFile || certFile || keyFile);
  const schemeOf = (url: string) => /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1] ?? '';
  return [
    ...(Boolean(certFile) !== Boolean(keyFile) ? [invalid(path, '', 'either both or none of .Etcd.External.CertFile and .Etcd.External.KeyFile must be set')] : []),
    ...(certFile && keyFile && !caFile ? [invalid(path, '', 'setting .Etcd.External.CertFile and .Etcd.External.KeyFile requires .Etcd.External.CAFile')] : []),
    ...endpoints.flatMap((url) => [
      ...(secure && schemeOf(url) !== 'https' ? [invalid(`${path}.endpoints`, url, 'the URL must be using the HTTPS scheme')] : []),
      ...(schemeOf(url) === '' ? [invalid(`${path}.endpoints`, url, 'the URL without scheme is not allowed')] : []),
    ]),
    ...Object.entries({ caFile, certFile, keyFile }).flatMap(([name, file]) => (file ? absolute(file, `${path}.${name}`) : [])),
  ];
}

function alternativeNames(names: readonly string[] = [], field: string): FieldError[] {
  return names.flatMap((name) => {
    const [plain, wild] = [isDNS1123Subdomain(name), isWildcardDNS1123Subdomain(name)];
    if (plain.length === 0 || wild.length === 0 || parseIP(name)) return [];
    return [invalid(field, name, `altname is not a valid IP address, DNS label or a DNS label with subdomain wildcards: ${plain.join('; ')}; ${wild.join('; ')}`)];
  });
}

function validateEndpoint({ advertiseAddress = '', bindPort = 0 }: APIEndpoint, path: string): FieldError[] {
  return [...(parseIP(advertiseAddress) ? [] : [invalid(`${path}.advertiseAddress`, advertiseAddress, 'ip address is not valid')]), ...(isPort(String(bindPort)) ? [] : [invalid(`${path}.bindPort`, bindPort, 'port number is not valid')])];
}

const unsafe = 'using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue';

function validateDiscovery({ bootstrapToken, file, tlsBootstrapToken }: Discovery, exists: (path: string) => boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!bootstrapToken && !file) errors.push(invalid('discovery', '', 'bootstrapToken or file must be set'));
  if (bootstrapToken && file) errors.push(invalid('discovery', '', 'bootstrapToken and file cannot both be set'));
  if (bootstrapToken) {
    const { apiServerEndpoint = '', caCertHashes = [], unsafeSkipCAVerification = false } = bootstrapToken;
    const path = 'discovery.bootstrapToken';
    if (!apiServerEndpoint) errors.push(required(path, 'APIServerEndpoint is not set'));
    if (caCertHashes.length === 0 && !unsafeSkipCAVerification) errors.push(invalid(path, '', unsafe));
    errors.push(...token(bootstrapToken.token, `${path}.token`));
    const split = splitHostPort(apiServerEndpoint);
    if ('error' in split) errors.push(invalid(`${path}.apiServerEndpoint`, apiServerEndpoint, split.error));
  }
  if (bootstrapToken) errors.push(...token(tlsBootstrapToken, 'discovery.tlsBootstrapToken'));
  if (file) errors.push(...validateFile(file.kubeConfigPath, exists));
  if (file && tlsBootstrapToken) errors.push(...token(tlsBootstrapToken, 'discovery.tlsBootstrapToken'));
  return errors;
}

function validateFile(path: string, exists: (path: string) => boolean): FieldError[] {
  const [, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(path) ?? [];
  if (scheme === undefined) return exists(path) ? [] : [invalid('discovery.file.kubeConfigPath', path, 'not a valid HTTPS URL or a file on disk')];
  return scheme === 'https' ? [] : [invalid('discovery.file.kubeConfigPath', path, 'if a URL is used, the scheme must be https')];
}
