// What the two sides of a served replay say to each other.
import type { RecordedRequest } from '../api/server.ts';

export interface OpenOptions {
  /** `v1.20` */
  version: string;
  controllers: boolean;
  /** Whether time passes by itself, for those who wait, or when it is told to. */
  clock: 'runs' | 'stands';
}

export type Asked = RecordedRequest;

export interface RecordedAnswer {
  code: number;
  body: any;
  /** The answer is a stream of events, which `read` brings. */
  watches?: boolean;
}

export interface KubectlOptions {
  program: string;
  args: readonly string[];
  stdin: string;
  namespace: string;
}
