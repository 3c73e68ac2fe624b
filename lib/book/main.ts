// The command `kubook`.
import { statSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exportAll } from './commands/export.ts';
import { gradeFile } from './commands/grade.ts';
import { gradeClass } from './commands/grade-class.ts';
import { jupyter, start } from './commands/jupyter.ts';
import { practice } from './commands/practice.ts';
import { run } from './commands/run.ts';
import { check, serve } from './commands/serve.ts';
import { verify } from './commands/verify.ts';
import { usageText } from './commands/usage.ts';
import { columns } from './columns.ts';
import { LessonError } from './lesson/problems.ts';
import { NotebookError } from './notebooks/read.ts';
import { complain, problemText } from './terminal.ts';

let ok = true;
const program = new Command('kubook').description('쿠북: 모든 셀이 실행되는 한국어 쿠버네티스 워크북').helpOption('-h, --help', '이 도움말').helpCommand(false);

program.command('start').description('노트북을 만들고 Jupyter를 연다. 없으면 터미널에서 연습을 시작한다').action(async () => void (ok = await start()));
program.command('jupyter').description('노트북을 만들고 Jupyter를 연다').action(async () => void (ok = await jupyter()));
program.command('practice [연습]').description('터미널에서 연습을 이어서 한다').action(async (id?: string) => void (ok = await practice(id)));
program.command('run <수업>').description('수업의 셀을 차례로 실행해 보여 준다').action(async (name: string) => void (ok = await run(name)));
program
  .command('verify [수업...]')
  .description('모든 셀을 실행해 수업에 적힌 출력과 견준다')
  .option('--update', '수업의 출력을 실제 출력으로 다시 쓴다')
  .option('--json', '프로그램이 읽을 JSON으로 낸다')
  .action(async (names: string[], flags) => void (ok = await verify(names, flags)));
program
  .command('export')
  .description('수업을 Jupyter 노트북으로 만든다. 고친 노트북은 덮어쓰지 않는다')
  .option('--out <폴더>', '노트북을 둘 폴더', 'notebooks')
  .option('--solutions', '연습 셀에 풀이를 넣는다 (notebooks/solutions)')
  .option('--force', '고친 노트북도 새로 쓴다 (고친 것은 옆에 남는다)')
  .option('--json', '프로그램이 읽을 JSON으로 낸다')
  .action((flags) => void (ok = exportAll(flags)));
program
  .command('grade <노트북...>')
  .description('노트북에 적은 답을 채점한다. 여럿이거나 폴더면 점수표를 만든다')
  .option('--out <폴더>', '점수표와 저마다의 결과를 둘 폴더', 'marks')
  .option('--json', '프로그램이 읽을 JSON으로 낸다')
  .option('--seed <수>', '입력을 뽑는 씨앗을 정한다', whole)
  .option('--timeout <초>', '답 하나에 줄 시간', whole, 10)
  .action(async (files: string[], flags) => void (ok = await (files.length === 1 && !isFolder(files[0]!) ? gradeFile(files[0]!, flags) : gradeClass(files, flags))));
program
  .command('serve')
  .description('진짜 kubectl이 쓸 수 있는 클러스터를 연다')
  .option('--port <포트>', '기다릴 포트. 0이면 비어 있는 것을 고른다', portNumber, 6443)
  .option('--host <주소>', '기다릴 주소', '127.0.0.1')
  .option('--nodes <수>', '워커 노드의 수 (기본: 3, 남아 있던 클러스터면 그대로)', nodeCount)
  .option('--speed <배>', '시간이 흐르는 빠르기', positive, 1)
  .option('--version <버전>', '쿠버네티스 버전 (v1.20, v1.33)')
  .option('--seed <씨앗>', '이름과 순서를 정하는 씨앗')
  .option('--cloud', '머신을 클라우드에서 빌린다: LoadBalancer 서비스가 밖의 주소를 받는다')
  .option('--data <폴더>', '클러스터를 이 폴더에 남긴다. 다시 열면 이어진다')
  .option('--etcd <주소>', '클러스터를 진짜 etcd v3에 남긴다. 예: http://127.0.0.1:2379')
  .option('--kubeconfig <파일>', 'kubeconfig를 쓸 파일', '.kubook/kubeconfig')
  .addOption(new Option('--exercise <연습>', '연습의 처음 상태에서 연다').conflicts('lesson'))
  .option('--lesson <수업>', '수업의 클러스터와 파일로 연다')
  .action(async (flags) => void (ok = await serve(flags)));
program
  .command('check [연습]')
  .description('kubook serve --exercise 로 열어 둔 연습을 채점한다')
  .option('--kubeconfig <파일>', '연습을 연 서버의 kubeconfig', '.kubook/kubeconfig')
  .option('--json', '프로그램이 읽을 JSON으로 낸다')
  .action(async (id: string | undefined, flags) => void (ok = await check(id, flags)));

for (const command of [program, ...program.commands]) {
  command.exitOverride().helpOption('-h, --help', '이 도움말').allowExcessArguments(false);
  command.configureOutput({ outputError: () => {} });
  command.configureHelp({ displayWidth: columns, styleTitle: (title) => ({ 'Usage:': '사용법:', 'Options:': '옵션:', 'Commands:': '명령:', 'Arguments:': '인수:' })[title] ?? title });
}

/** What keeps a file from being written, in Korean. */
function unwritable(error: unknown): string | undefined {
  const { code, path = '' } = error as NodeJS.ErrnoException;
  const why = { ENOTDIR: '그 자리에 폴더가 아닌 것이 있다', EACCES: '쓸 권한이 없다', EPERM: '쓸 권한이 없다', EROFS: '읽기만 되는 곳이다', ENOSPC: '디스크가 가득 찼다' }[code ?? ''];
  return why && `'${path}'에 쓸 수 없다: ${why}.`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('1 이상의 정수여야 한다.');
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('0부터 65535까지의 정수여야 한다.');
  return Number(text);
}

function nodeCount(text: string): number {
  if (whole(text) > 5000) throw new InvalidArgumentError('5000 이하여야 한다.');
  return whole(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('0보다 크고 1000 이하인 수여야 한다.');
  return value;
}

try {
  await program.parseAsync();
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  process.exitCode = fail(error);
}
// A child that is being stopped, or an idle compiler service, must not keep the command waiting.
if (process.stdout.writableLength === 0) process.exit();

function fail(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    complain(usageText(error, program));
    return 2;
  }
  if (error instanceof LessonError) complain(problemText(error.problem));
  else if (error instanceof NotebookError) complain(`${error.message}\n    → ${error.next}`);
  else if (unwritable(error)) complain(`${unwritable(error)}\n    → 다른 폴더를 적거나 그 자리를 비운 뒤 다시 실행한다.`);
  else complain(`예상하지 못한 문제가 생겼다: ${error instanceof Error ? error.message : String(error)}\n    → npm ci 로 다시 설치해 보고, 그래도 나면 이 문장을 그대로 알려 준다.`);
  return 1;
}
