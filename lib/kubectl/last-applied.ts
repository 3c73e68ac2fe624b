// What kubectl apply remembers of the manifest it sent last.
import { draft, type KubeObject, type Manifest } from '../api/index.ts';
import { goJson } from './go-text.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manifest with itself, as it was before, in an annotation. */
export function withLastApplied(manifest: Manifest): KubeObject {
  const bare = draft(manifest) as KubeObject;
  const annotations = { ...bare.metadata?.annotations };
  delete annotations[lastApplied];
  bare.metadata = { ...bare.metadata, annotations };
  const text = `${goJson(bare)}\n`;
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [lastApplied]: text } } };
}
