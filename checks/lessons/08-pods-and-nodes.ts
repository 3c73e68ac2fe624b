// Lesson 8: pods and nodes.
import type { Exercise } from '../../lib/book/exercise.ts';
import { ghostNode } from './08-pods-and-nodes/ghost-node.ts';
import { names } from './08-pods-and-nodes/names.ts';
import { ports } from './08-pods-and-nodes/ports.ts';
import { probes } from './08-pods-and-nodes/probes.ts';
import { sidecar } from './08-pods-and-nodes/sidecar.ts';

export const exercises: Exercise[] = [ports, sidecar, names, probes, ghostNode];
