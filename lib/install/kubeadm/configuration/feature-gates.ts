// Feature gates of kubeadm itself (cmd/kubeadm/app/features).
import { fail } from '../frame/errors.ts';

export const knownFeatures: readonly string[] = ['IPv6DualStack', 'PublicKeysECDSA'];

/** `A=true,B=false` */
export function parseFeatureGates(text: string): Record<string, boolean> {
  const gates: Record<string, boolean> = {};
  for (const part of text.split(',').filter(Boolean)) {
    const at = part.indexOf('=');
    if (at < 0) fail(`missing bool value for feature-gate key:${part}`);
    const [key, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (!knownFeatures.includes(key)) fail(`unrecognized feature-gate key: ${key}`);
    if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) fail(`invalid value ${value} for feature-gate key: ${key}, use true|false instead`);
    gates[key] = /^(1|t)/i.test(value);
  }
  return gates;
}

export const dualStack = (gates: Readonly<Record<string, boolean>> | undefined): boolean => gates?.['IPv6DualStack'] ?? false;
