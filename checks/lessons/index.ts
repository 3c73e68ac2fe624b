// Every lesson's exercises, in the order of the book. Add a lesson's file here.
import type { Exercise } from '../../lib/book/exercise.ts';
import { exercises as whyKubernetes } from './02-why-kubernetes.ts';
import { exercises as controlPlane } from './03-control-plane.ts';
import { exercises as podsAndNodes } from './08-pods-and-nodes.ts';
import { exercises as scheduling } from './09-scheduling.ts';
import { exercises as labelsAndSelectors } from './10-labels-and-selectors.ts';
import { exercises as controllers } from './13-controllers.ts';

export const all: Exercise[] = [...whyKubernetes, ...controlPlane, ...podsAndNodes, ...scheduling, ...labelsAndSelectors, ...controllers];
