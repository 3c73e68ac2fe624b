// Stories that are told in the answer's own process even by a grader, since they look at objects that the answer and its
// caller share. They hold nothing by which a right answer would be known.
import type { ToldStory } from '../../lib/book/exercise.ts';
import { apiTold } from './03-control-plane/api-script.ts';

export const toldThere: ToldStory[] = [apiTold];
