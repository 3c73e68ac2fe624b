// Lesson 15: the diary of July 2020.
import type { Exercise } from '../../lib/book/exercise.ts';
import { chainOrder } from './15-incident-diary/chain-order.ts';
import { fourLines } from './15-incident-diary/four-lines.ts';
import { homes } from './15-incident-diary/homes.ts';
import { noLoss } from './15-incident-diary/no-loss.ts';
import { pendingThrice } from './15-incident-diary/pending.ts';
import { revive } from './15-incident-diary/revive.ts';

export const exercises: Exercise[] = [fourLines, revive, pendingThrice, chainOrder, homes, noLoss];
