// Lesson 14: namespaces, quotas, configuration, storage.
import type { Exercise } from '../../lib/book/exercise.ts';
import { howManyMore } from './14-namespaces-and-storage/how-many-more.ts';
import { matching } from './14-namespaces-and-storage/matching.ts';
import { rights } from './14-namespaces-and-storage/rights.ts';
import { rotation } from './14-namespaces-and-storage/rotation.ts';
import { survival } from './14-namespaces-and-storage/survival.ts';

export const exercises: Exercise[] = [rights, howManyMore, rotation, survival, matching];
