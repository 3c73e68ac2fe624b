// The exercises of all lessons, a line each.
import type { Exercise } from '../../lib/book/exercise.ts';
import { exercises as containersAndImages } from './01-containers-and-images.ts';
import { exercises as whyKubernetes } from './02-why-kubernetes.ts';
import { exercises as controlPlane } from './03-control-plane.ts';
import { exercises as birthOfAPod } from './04-birth-of-a-pod.ts';
import { exercises as preflight } from './05-preflight.ts';
import { exercises as kubeadm } from './06-kubeadm.ts';
import { exercises as podsAndNodes } from './08-pods-and-nodes.ts';
import { exercises as scheduling } from './09-scheduling.ts';
import { exercises as labelsAndSelectors } from './10-labels-and-selectors.ts';
import { exercises as servicesAndKubeProxy } from './11-services-and-kube-proxy.ts';
import { exercises as clusterNetwork } from './12-cluster-network.ts';
import { exercises as controllers } from './13-controllers.ts';
import { exercises as namespacesAndStorage } from './14-namespaces-and-storage.ts';
import { exercises as incidentDiary } from './15-incident-diary.ts';
import { exercises as autoscaling } from './16-autoscaling.ts';

const lessons: Exercise[][] = [
  containersAndImages,
  whyKubernetes,
  controlPlane,
  birthOfAPod,
  preflight,
  kubeadm,
  podsAndNodes,
  scheduling,
  labelsAndSelectors,
  servicesAndKubeProxy,
  clusterNetwork,
  controllers,
  namespacesAndStorage,
  incidentDiary,
  autoscaling,
];

export const all: Exercise[] = lessons.flat();
