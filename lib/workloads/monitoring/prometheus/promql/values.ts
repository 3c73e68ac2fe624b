// What an expression is at one moment.
import { type Labels, without } from '../labels.ts';
import type { Sample } from '../tsdb.ts';

export interface Point {
  labels: Labels;
  v: number;
}

/** A stretch of a series, `from` to `to` (milliseconds). */
export interface Stretch {
  labels: Labels;
  samples: readonly Sample[];
  from: number;
  to: number;
}

export type Value = { type: 'scalar'; value: number } | { type: 'vector'; points: Point[] } | { type: 'matrix'; stretches: Stretch[] } | { type: 'string'; value: string };

/** Something went wrong while it was evaluated. */
export class QueryError extends Error {}

export const nameless = (labels: Labels): Labels => without(labels, ['__name__']);
export const vector = (points: Point[]): Value => ({ type: 'vector', points });
export const scalar = (value: number): Value => ({ type: 'scalar', value });
