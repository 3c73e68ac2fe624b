import { alike, type Handle, maxNodeScore, type Plugin } from '../framework.ts';
import type { ImageState } from '../images.ts';

const mebibyte = 1024 * 1024;
const least = 23 * mebibyte;
const mostPerContainer = 1000 * mebibyte;

/** Prefers nodes that have the pod's images already, the more so the larger they are and the more nodes have them. */
export function imageLocality({ snapshot, version }: Handle): Plugin {
  let known: ImageState[] = [];
  let containers = 0;
  return {
    name: 'ImageLocality',
    preScore({ pod }) {
      const all = version.has('image-locality-init-containers') ? [...(pod.spec.initContainers ?? []), ...pod.spec.containers] : pod.spec.containers;
      containers = all.length;
      known = [];
      for (const { image = '' } of all) {
        const state = snapshot.images.get(withTag(image));
        if (state) known.push(state);
      }
      return known.length > 0 ? undefined : alike;
    },
    score(_, node) {
      let sum = 0;
      for (const { size, nodes } of known) if (nodes.has(node)) sum += Math.trunc(size * (nodes.size / snapshot.nodes.length));
      const most = mostPerContainer * containers;
      return Math.trunc((maxNodeScore * (Math.min(Math.max(sum, least), most) - least)) / (most - least));
    },
  };
}

const withTag = (image: string) => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image);
