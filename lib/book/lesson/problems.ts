// Everything that can be wrong with a lesson: a closed set of codes, each with its Korean message and the next step.

const texts = {
  'lesson-missing': (name: string, known: string) => [`'${name}' 수업을 찾을 수 없다.`, known ? `있는 수업: ${known}` : 'lessons/NN-이름.md 파일을 만든다.'],
  'lesson-name': (name: string) => [`수업 파일의 이름이 될 수 없다: '${name}'`, '두 자리 번호, 줄표, 영문 소문자 순서로 쓴다: 02-why-kubernetes.md'],
  'front-matter-missing': () => ['파일이 머리말(--- 로 둘러싼 YAML)로 시작하지 않는다.', 'id, title, goal, minutes, notes를 적은 머리말을 맨 위에 둔다.'],
  'front-matter-yaml': (why: string) => [`머리말이 올바른 YAML이 아니다: ${why}`, '들여쓰기와 콜론 뒤의 빈칸을 확인한다. 탭은 쓸 수 없다.'],
  'front-matter-field': (field: string, why: string) => [`머리말의 ${field}: ${why}`, '필드는 id, title, goal, minutes, notes 다섯이고 모두 있어야 한다.'],
  'fence-unknown': (info: string) => [`'${info}' 울타리는 모르는 종류다.`, 'ts, output, source, 또는 보여 주기만 하는 yaml, text, json, bash, typescript, dockerfile, go를 쓴다.'],
  'fence-attribute': (attribute: string) => [`울타리의 '${attribute}' 부분을 읽을 수 없다.`, '연습은 ```ts exercise id=이름 points=점수 로 쓴다.'],
  'fence-nested': (kind: string) => [`${kind} 울타리가 목록이나 인용 안에 있다.`, '왼쪽 끝에서 시작하도록 꺼낸다.'],
  'fence-open': () => ['울타리가 닫히지 않았다.', '같은 개수의 ` 로 닫는다.'],
  'cell-empty': () => ['셀이 비어 있다.', '코드를 적거나 울타리를 지운다.'],
  'cell-syntax': (why: string) => [`tslab이 받아들이지 않는 코드다: ${why}`, '메시지가 가리키는 곳을 고친다.'],
  'cell-types': (why: string) => [`형식 오류로 셀이 실행되지 않는다: ${why}`, '형식을 맞춘다. 일부러 보여 주는 오류라면 ```ts throws 로 적는다.'],
  'cell-throws': (why: string) => [`셀이 오류로 멈췄다: ${why}`, '고친다. 일부러 보여 주는 오류라면 ```ts throws 로 적는다.'],
  'cell-holds': () => ['throws라고 적었는데 셀이 멈추지 않았다.', '울타리에서 throws를 지운다.'],
  'cell-endless': (seconds: string) => [`셀이 ${seconds}초 안에 끝나지 않았다.`, '끝나지 않는 반복이나 기다림이 있는지 본다.'],
  'output-stray': () => ['output 울타리 바로 앞에 ts 셀이 없다.', 'output은 셀 바로 다음에 둔다.'],
  'output-missing': () => ['셀이 출력하는데 output 울타리가 없다.', 'kubook verify --update 로 채운다.'],
  'output-differs': () => ['output 울타리가 실제 출력과 다르다.', '코드가 맞다면 kubook verify --update 로 다시 쓴다.'],
  'exercise-unknown': (id: string, near: string) => [`'${id}' 연습의 검사가 없다.${near && ` 혹시 '${near}'인지 확인한다.`}`, 'checks/lessons/ 에 정의하고 checks/lessons/index.ts 에 더한다.'],
  'exercise-points': (fence: string, checks: string) => [`울타리의 점수 ${fence}점과 검사들의 합 ${checks}점이 다르다.`, '울타리의 points를 검사들의 합으로 고친다.'],
  'exercise-twice': (id: string, where: string) => [`'${id}' 연습이 ${where}에도 있다.`, '연습 이름은 책 전체에서 하나뿐이어야 한다.'],
  'exercise-alone': (id: string) => [`연습 셀은 await exercise('${id}', …) 호출 하나여야 한다.`, '도우미 함수는 호출 안이나 앞의 셀이 아니라 답 안에 둔다.'],
  'exercise-output': () => ['연습 셀에는 output 울타리를 두지 않는다.', 'output 울타리를 지운다. 연습은 처음 상태에서 틀리는 것만 확인한다.'],
  'exercise-passes': (id: string) => [`'${id}' 연습이 처음 상태에서 이미 통과한다.`, '처음 상태에서는 틀리도록 검사를 고친다.'],
  'exercise-silent': (id: string) => [`'${id}' 셀이 exercise()를 부르지 않고 끝났다.`, "셀이 await exercise('…', …)로 시작하는지 본다."],
  'source-unknown': (name: string, near: string) => [`lib에 '${name}' 이름으로 내보낸 것이 없다.${near && ` 혹시 '${near}'인지 확인한다.`}`, 'lib에서 export한 이름을 적는다.'],
  'source-ambiguous': (name: string, files: string) => [`'${name}' 이름이 여러 파일에 있다: ${files}`, '폴더를 앞에 적는다: ```source 폴더/이름'],
  'no-lessons': () => ['lessons/ 에 수업이 하나도 없다.', 'lessons/NN-이름.md 파일을 만든다.'],
} satisfies Record<string, (...details: string[]) => [string, string] | string[]>;

export type ProblemCode = keyof typeof texts;
export const problemCodes = Object.keys(texts) as ProblemCode[];

export interface Problem {
  code: ProblemCode;
  /** Relative to the project. */
  file: string;
  /** From 1; 0 when the problem is the file itself. */
  line: number;
  message: string;
  next: string;
  /** More lines to show under the message: a difference. */
  detail?: string;
}

export function problem(code: ProblemCode, { file, line }: { file: string; line: number }, ...details: string[]): Problem {
  const [message, next] = (texts[code] as (...details: string[]) => string[])(...details);
  return { code, file, line, message: message!, next: next! };
}

/** A problem that ends what was asked for. */
export class LessonError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}
