import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createRandom, type Random } from '../../../lib/index.ts';
import { newServer, type Refusal, refusalsAt, type Stage, stages } from './refusals.ts';

/** Where each request that was drawn was refused: the answer must not see it. */
const truth = new Map<string, Stage>();

/** Whatever it is asked it refuses, so that one will do for all. */
let server: ReturnType<typeof newServer> | undefined;

/** All kinds of one stage, and two of each other. */
function drawn(random: Random, stage: Stage): Refusal[] {
  const asked = (server ??= newServer(createRandom('stages')));
  return stages.flatMap((each) => {
    const refusals = refusalsAt(each, random.fork(each), asked).slice(0, each === stage ? undefined : 2);
    for (const refusal of refusals) truth.set(JSON.stringify(refusal), each);
    return refusals;
  });
}

/** Requests of one stage, and some that must not be taken for them. */
function check(stage: Stage, name: string, hint: string): FunctionCheck {
  return {
    name,
    points: 1,
    hint,
    inputs: (random) => random.shuffle(drawn(random, stage)).map((refusal) => [refusal]),
    judge(output: unknown, refusal: Refusal) {
      const right = truth.get(JSON.stringify(refusal))!;
      if (!stages.includes(output as Stage)) return `${stages.map(show).join(', ')} 가운데 하나여야 한다: ${show(output)}`;
      if (output !== right && (right === stage || output === stage)) return `이 요청은 ${right}에서 막혔다. 답은 ${show(output)}이다.`;
    },
  };
}

export const whichStage: FunctionExercise = {
  id: 'control-1',
  title: '어느 단계에서 거부됐나',
  kind: 'function',
  checks: [
    check('authn', '인증에서 막힌 요청을 알아본다', '누구인지 모르면 401이다. 다른 단계는 401을 쓰지 않는다.'),
    check('authz', '인가에서 막힌 요청을 알아본다', '인가의 403은 누가 무엇을 할 수 없는지 말한다: User … cannot …'),
    check('admission', '어드미션에서 막힌 요청을 알아본다', '어드미션의 403은 사용자 탓을 하지 않는다. 그리고 없는 네임스페이스에 만들려고(POST) 하면 어드미션이 404로 막는다.'),
    check('validation', '유효성 검사에서 막힌 요청을 알아본다', '내용이 규칙에 맞지 않으면 422이고 reason은 Invalid다.'),
    check('storage', '저장소까지 가서 막힌 요청을 알아본다', '있는지 없는지, 그사이 바뀌었는지는 etcd를 보아야 안다: 읽고 지우려는 것의 404, 그리고 409.'),
  ],
};
