// Every lesson's exercises, in the order of the book. Add a lesson's file here.
import type { Exercise } from '../../lib/book/exercise.ts';

export const all: Exercise[] = [];
