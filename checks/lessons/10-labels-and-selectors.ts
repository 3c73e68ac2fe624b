// Lesson 10: labels and selectors.
import type { Exercise } from '../../lib/book/exercise.ts';
import { canary } from './10-labels-and-selectors/canary.ts';
import { ownSelector } from './10-labels-and-selectors/own-selector.ts';
import { selector } from './10-labels-and-selectors/selector.ts';
import { syntax } from './10-labels-and-selectors/syntax.ts';
import { trap } from './10-labels-and-selectors/trap.ts';

export const exercises: Exercise[] = [trap, selector, syntax, canary, ownSelector];
