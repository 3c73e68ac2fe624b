// The exercises of all lessons, a line each.
import type { Exercise } from '../../lib/book/exercise.ts';
import { exercises as whyKubernetes } from './02-why-kubernetes.ts';
import { exercises as controlPlane } from './03-control-plane.ts';
import { exercises as birthOfAPod } from './04-birth-of-a-pod.ts';
import { exercises as podsAndNodes } from './08-pods-and-nodes.ts';
import { exercises as scheduling } from './09-scheduling.ts';
import { exercises as labelsAndSelectors } from './10-labels-and-selectors.ts';
import { exercises as clusterNetwork } from './12-cluster-network.ts';
import { exercises as namespacesAndStorage } from './14-namespaces-and-storage.ts';

const lessons: Exercise[][] = [
  whyKubernetes,
  controlPlane,
  birthOfAPod,
  podsAndNodes,
  scheduling,
  labelsAndSelectors,
  clusterNetwork,
  namespacesAndStorage,
];

export const all: Exercise[] = lessons.flat();
