// Lesson 1: containers and images.
import type { Exercise } from '../../lib/book/exercise.ts';
import { commands } from './01-containers-and-images/commands.ts';
import { limits } from './01-containers-and-images/limits.ts';
import { pulls } from './01-containers-and-images/pulls.ts';
import { references } from './01-containers-and-images/references.ts';
import { unionFiles } from './01-containers-and-images/union-files.ts';

export const exercises: Exercise[] = [references, unionFiles, pulls, commands, limits];
