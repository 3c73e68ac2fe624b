// Every lesson's exercises, in the order of the book. Add a lesson's file here.
import type { Exercise } from '../../lib/book/exercise.ts';
import { exercises as whyKubernetes } from './02-why-kubernetes.ts';

export const all: Exercise[] = [...whyKubernetes];
