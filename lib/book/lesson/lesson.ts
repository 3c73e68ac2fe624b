// What a lesson is, once read.

export interface Prose {
  kind: 'prose';
  text: string;
  /** Lines count from 1. */
  line: number;
}

export interface Output {
  text: string;
  /** The first and the last line of the fence, its marks included. */
  from: number;
  to: number;
}

export interface Cell {
  kind: 'cell';
  code: string;
  /** The line of the opening fence; the code begins on the next one. */
  line: number;
  /** The line of the closing fence. */
  end: number;
  output?: Output;
  exercise?: { id: string; points: number };
  /** Shows an error: the cell is meant to stop. */
  throws?: true;
}

/** Shows the real code of an export of `lib/`. */
export interface Source {
  kind: 'source';
  name: string;
  line: number;
}

export type Part = Prose | Cell | Source;

export interface FrontMatter {
  /** `L02` */
  id: string;
  title: string;
  goal: string;
  minutes: number;
  /** Rows of the notes it covers. */
  notes: string[];
}

export interface Lesson extends FrontMatter {
  /** `02-why-kubernetes` */
  slug: string;
  /** Relative to the project: `lessons/02-why-kubernetes.md`. */
  file: string;
  text: string;
  parts: Part[];
}

export function cellsOf(lesson: Lesson): Cell[] {
  return lesson.parts.filter((part): part is Cell => part.kind === 'cell');
}
