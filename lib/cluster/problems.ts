// What controllers threw, and what a learner is told of it.
import type { Clock } from '../sim/index.ts';

/** An error of a controller: who, over what. The loop tries again by itself. */
export interface Problem {
  /** Milliseconds of virtual time. */
  time: number;
  controller: string;
  key: string;
  error: unknown;
}

/** Collects what controllers throw; `own` are the learner's. */
export function collectProblems(clock: Clock, own: ReadonlySet<string>): { problems: readonly Problem[]; onError(controller: string, key: string, error: unknown): void } {
  const problems: Problem[] = [];
  return {
    problems,
    onError(controller, key, error) {
      problems.push({ time: clock.now, controller, key, error });
      if (own.has(controller)) report(problems, controller, key, error);
    },
  };
}

/** A learner's controller that throws is told so, once for each message. */
function report(problems: readonly Problem[], controller: string, key: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const before = problems.slice(0, -1).some((p) => p.controller === controller && (p.error instanceof Error ? p.error.message : String(p.error)) === message);
  if (!before) console.error(`${controller} 컨트롤러가 ${key} 오브젝트를 조정하다 오류를 던졌다: ${message}\n  → 큐가 조금 뒤에 다시 부른다. 같은 오류는 한 번만 알린다.`);
}
