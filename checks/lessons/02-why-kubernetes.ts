// Lesson 2: declaration, the loop, kubectl and YAML.
import type { Exercise } from '../../lib/book/exercise.ts';
import { findTabs } from './02-why-kubernetes/find-tabs.ts';
import { fixManifest } from './02-why-kubernetes/fix-manifest.ts';
import { numeronym } from './02-why-kubernetes/numeronym.ts';
import { ownController } from './02-why-kubernetes/own-controller.ts';
import { placement } from './02-why-kubernetes/placement.ts';
import { reconcile } from './02-why-kubernetes/reconcile.ts';
import { shortNames } from './02-why-kubernetes/short-names.ts';

export const exercises: Exercise[] = [numeronym, reconcile, ownController, findTabs, fixManifest, shortNames, placement];
