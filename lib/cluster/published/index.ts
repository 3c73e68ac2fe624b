// What the simulated workstation can read from the Internet: manifests that projects publish under an address of their own.
import { verticalDefinitions } from '../../autoscaling/index.ts';
import { printYaml } from '../../kubectl/index.ts';
import { flannelManifest } from './flannel.ts';
import { metricsServerManifest } from './metrics-server.ts';
import { oldMetricsServerManifest } from './metrics-server-0.3.ts';

const newest = 'v0.8.0';
const releases = ['v0.3.6', 'v0.3.7', 'v0.4.5', 'v0.5.2', 'v0.6.4', 'v0.7.2', newest];

/** The text behind a URL; undefined where there is none. */
export const published = (url: string): string | undefined => metricsServer(url) ?? verticalPodAutoscaler(url) ?? flannel(url);

/** Under its former owner, and under that of today. */
const flannel = (url: string): string | undefined => (/^https:\/\/raw\.githubusercontent\.com\/(?:coreos|flannel-io)\/flannel\/master\/Documentation\/kube-flannel\.yml$/.test(url) ? flannelManifest() : undefined);

/** The definitions alone: who works on their objects runs in the simulated control plane. */
function verticalPodAutoscaler(url: string): string | undefined {
  const [, ref] = /^https:\/\/raw\.githubusercontent\.com\/kubernetes\/autoscaler\/(?:refs\/heads\/)?(master|vpa-release-\d\.\d)\/vertical-pod-autoscaler\/deploy\/vpa-v1-crd-gen\.yaml$/.exec(url) ?? [];
  if (ref === undefined) return undefined;
  return verticalDefinitions({ inPlace: !/-(0\.\d|1\.[0-3])$/.test(ref) }).map((one) => `---\n${printYaml(one)}`).join('');
}

function metricsServer(url: string): string | undefined {
  const [, latest, named] = /^https:\/\/github\.com\/kubernetes-sigs\/metrics-server\/releases\/(?:(latest)\/download|download\/([^/]+))\/components\.yaml$/.exec(url) ?? [];
  const version = latest ? newest : named;
  if (version === undefined || !releases.includes(version)) return undefined;
  return version.startsWith('v0.3.') ? oldMetricsServerManifest(version) : metricsServerManifest(version);
}
