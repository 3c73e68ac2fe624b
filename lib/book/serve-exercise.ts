// An exercise as the starting state of a served cluster: the learner solves it with the real kubectl, and what reached the
// cluster is done again to a twin that is judged. The served cluster itself goes on as if nobody had looked.
import { type Journal, keepJournal, type Play, UsageProblem } from '../serve/index.ts';
import type { Cluster, ClusterOptions } from '../index.ts';
import { type ClusterExercise, type Exercise, exercises, findExercise } from './exercise.ts';
import { josa } from './josa.ts';
import { judge, openStage, type Report } from './judge.ts';
import { similar } from './similar.ts';

/** What stands in the way, and the next step. Korean. */
const problem = (what: string, next: string) => new UsageProblem(`${what}\n    → ${next}`);

export function playExercise(id: string, { seed = 1 }: { seed?: number } = {}): Play {
  const exercise = servable(id);
  let journal: Journal;
  let around: Partial<ClusterOptions>;

  async function open(options: Partial<ClusterOptions>): Promise<Cluster> {
    // How long the start takes is known once it was made; then it ends now.
    const first = await openStage(exercise, { seed, around: { ...options, start: 0 } });
    const begins = (options.start ?? 0) - first.stage.cluster.loop.clock.now;
    around = { ...options, start: begins - (begins % 1000) };
    const { cluster } = (await openStage(exercise, { seed, around })).stage;
    journal = keepJournal(cluster);
    return cluster;
  }

  function judgeTwin(files: ReadonlyMap<string, string>): Promise<Report> {
    const again = ({ cluster }: { cluster: Cluster }) => {
      for (const [path, text] of files) cluster.file(path, text);
      journal.replay(cluster);
    };
    return judge(exercise, again, { seed, around });
  }

  return {
    name: id,
    title: `연습 ${id} · ${exercise.title}`,
    more: `다 되었으면 또 다른 터미널에서: kubook check ${id}`,
    open,
    async check(asked: string | undefined, files: ReadonlyMap<string, string>) {
      if (asked !== undefined && asked !== id) throw problem(`지금 열려 있는 것은 ${josa(asked, '이/가')} 아니라 ${id}이다.`, `kubook check ${id} 로 채점하거나, 서버를 끝내고 kubook serve --exercise ${asked} 로 다시 연다.`);
      return judgeTwin(files);
    },
  };
}

function servable(id: string): ClusterExercise {
  const found = findExercise(id);
  if (!found) {
    const clusters = exercises().filter((one) => isServable(one)).map((one) => one.id);
    const near = similar(id, clusters);
    throw problem(`'${id}' 연습은 없다.`, near ? `혹시 '${near}'인지 확인한다.` : `kubectl로 풀 수 있는 연습: ${clusters.join(', ')}`);
  }
  const { kind } = found;
  if (isServable(found)) return found;
  const what = { function: '함수나 값을 적는 연습이라', component: '구성 요소를 만들어 끼우는 연습이라', cluster: '답을 코드로 적는 연습이라' }[kind];
  throw problem(`${josa(id, '은/는')} ${what} kubectl로 풀 수 없다.`, `kubook practice ${id} 로 푼다.`);
}

/** The answer of all others is code. */
export const isServable = (exercise: Exercise | undefined): exercise is ClusterExercise => exercise?.kind === 'cluster' && !exercise.perform;
