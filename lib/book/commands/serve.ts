import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CommandOptions } from '../../serve/index.ts';
import type { Report } from '../judge.ts';
import { root } from '../project.ts';
import { reportText } from '../report.ts';
import { complain, paint, say, sayJson } from '../terminal.ts';

/** Sockets, certificates and the cluster lie in a bundle of their own: no other command waits for them to load. */
async function served() {
  type Bundle = typeof import('../../serve/index.ts') & typeof import('../serve-exercise.ts') & typeof import('../serve-lesson.ts');
  return (await import(pathToFileURL(join(root, 'dist', 'serve.js')).href)) as Bundle;
}

export async function serve({ exercise, lesson, ...options }: CommandOptions & { exercise?: string; lesson?: string }): Promise<boolean> {
  const { serveCommand, playExercise, playLesson } = await served();
  const opening = exercise !== undefined ? (wish: { seed?: number }) => playExercise(exercise, wish) : lesson !== undefined ? (wish: { seed?: number }) => playLesson(lesson, wish) : undefined;
  return serveCommand(options, { say, complain }, opening);
}

export interface CheckFlags {
  kubeconfig: string;
  json?: boolean;
}

/** Judges the exercise that is being served. True when every check passed. */
export async function check(id: string | undefined, { kubeconfig, json = false }: CheckFlags): Promise<boolean> {
  const { askServer, NoServerError } = await served();
  try {
    const { code, body } = await askServer(kubeconfig, `/kubook/check${id === undefined ? '' : `?exercise=${encodeURIComponent(id)}`}`);
    if (code !== 200) return refused(body?.problem ?? notAnExercise);
    const report = body as Report;
    if (json) sayJson(report);
    else say(reportText(report, { paint }));
    return report.passed;
  } catch (error) {
    if (error instanceof NoServerError) return refused(`열려 있는 연습이 없다: ${error.message}\n    → 다른 터미널에서 kubook serve --exercise ${id ?? '연습'} 을 실행해 둔다.`);
    throw error;
  }
}

const notAnExercise = '지금 열려 있는 클러스터는 연습이 아니다.\n    → 서버를 끝내고 kubook serve --exercise 연습 으로 다시 연다.';

function refused(text: string): false {
  complain(text);
  return false;
}
