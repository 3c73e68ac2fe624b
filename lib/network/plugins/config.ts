// The file by which a container runtime knows its network plug-in: the first one in /etc/cni/net.d.
import type { FileView } from '../../machine/index.ts';
import type { Profile } from './profile.ts';
import { profiles } from './profiles.ts';

const configFolder = '/etc/cni/net.d';

interface ConfigList {
  name: string;
  cniVersion: string;
  plugins: readonly { type: string; bridge?: string; [field: string]: unknown }[];
}

const portmap = { type: 'portmap', capabilities: { portMappings: true } };

/** File and network of plug-ins that are but a bridge. */
const bridges: Record<string, [file: string, network: string]> = { docker: ['10-bridge.conflist', 'bridge'], kubenet: ['10-kubenet.conflist', 'kubenet'], 'kube-router': ['10-kuberouter.conflist', 'mynet'] };

function configOf({ type, bridge, range, name, mtu }: Profile): { file: string; config: ConfigList } {
  const config = (file: string, network: string, first: ConfigList['plugins'][number]) => ({ file: `${configFolder}/${file}`, config: { name: network, cniVersion: '0.3.1', plugins: [first, portmap] } });
  switch (type) {
    case 'flannel':
      return config('10-flannel.conflist', 'cbr0', { type, delegate: { hairpinMode: true, isDefaultGateway: true } });
    case 'calico':
      return config('10-calico.conflist', 'k8s-pod-network', { type, datastore_type: 'kubernetes', mtu, ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } });
    case 'weave-net':
      return config('10-weave.conflist', 'weave', { type, hairpinMode: true });
    case 'bridge':
      return config(...(bridges[name] ?? bridges['kube-router']!), { type, bridge: bridge!, isDefaultGateway: true, ipam: { type: 'host-local', ...(range && { subnet: range }) } });
    default:
      return config(`10-${type}.conflist`, `${type}-k8s-network`, { type });
  }
}

/** The network's own name in its configuration. */
export const networkName = (profile: Profile): string => configOf(profile).config.name;

/** Puts the file there that the plug-in's own pods would have copied. */
export function writeConfig(files: FileView, profile: Profile): void {
  const { file, config } = configOf(profile);
  files.makeDirectories(configFolder, 0o755);
  files.write(file, `${JSON.stringify(config, null, 2)}\n`, 0o644);
}

/** The plug-in that the first file names; undefined when there is none that can be read. */
export function readConfig(files: FileView): { type: string; bridge?: string } | undefined {
  const names = files.isDirectory(configFolder) ? files.list(configFolder).filter((name) => /\.(conf|conflist|json)$/.test(name)).sort() : [];
  for (const name of names) {
    try {
      const config = JSON.parse(files.read(`${configFolder}/${name}`) ?? '');
      const plugin = config.plugins?.[0] ?? config;
      if (typeof plugin.type === 'string') return plugin;
    } catch {
      // One that cannot be read is passed over, as libcni does.
    }
  }
  return undefined;
}

/** Which of the known plug-ins this is; of several variants the first. */
export const profileOfConfig = ({ type, bridge }: { type: string; bridge?: string }): Profile | undefined => profiles.find((profile) => profile.type === type && (type !== 'bridge' || profile.bridge === bridge));
