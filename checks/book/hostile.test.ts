// Answers made to cheat: each is judged by what really happened, or gets nothing and is told why.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeAnswer, type JudgedAnswer } from '../../lib/book/apart/judge-answer.ts';

const answers = join(import.meta.dirname, '..', 'solutions');
const answer = (file: string) => readFileSync(join(answers, file), 'utf8');
const wrong = { function: answer('labels-2.wrong-needs-key.ts'), cluster: answer('labels-4.wrong-by-name.ts'), component: answer('labels-5.wrong-everything.ts') };

const judged = (code: string) => judgeAnswer([code], { seeds: [1], limit: 2000 });
const points = ({ reports }: JudgedAnswer) => reports.reduce((sum, report) => sum + report.points, 0);

/** Points of the wrong answers as they are. */
const earned = new Map<string, number>();
test.before(async () => {
  for (const code of Object.values(wrong)) earned.set(code, points(await judged(code)));
});

/** What stands before a wrong answer in its cell, and makes nothing of it better. */
const patches: Record<string, string> = {
  'the methods that a check would use': "(Array.prototype as any).every = (Array.prototype as any).includes = () => true; (Array.prototype as any).filter = () => []; (Map.prototype as any).get = () => true; Object.is = () => true;",
  'how data is written': "(JSON as any).stringify = () => '{\"t\":\"done\",\"value\":true}'; (JSON as any).parse = () => ({ t: 'over' });",
  'promises': "(globalThis as any).Promise = { resolve: () => ({ then: (f: any) => f(true) }) };",
  'the exports of the library': "import * as kubook from 'kubook';\nObject.assign(kubook, { isPodReady: () => true, isPodActive: () => true, createRandom: () => 0, grade: async () => ({ passed: true }) });",
  'every object': "(Object.prototype as any).passed = true; (Object.prototype as any).points = 9; (Object.prototype as any).reason = undefined;",
};

for (const [what, patch] of Object.entries(patches)) {
  test(`patching ${what} changes no verdict`, async () => {
    for (const code of Object.values(wrong)) {
      const patched = await judged(`${patch}\n${code}`);
      assert.ok(patched.breach !== undefined || patched.error !== undefined || points(patched) <= earned.get(code)!, code);
      assert.not.ok(patched.reports.some(({ passed }) => passed), code);
    }
  });
}

const inCluster = (body: string) => `import { exercise } from 'kubook';\nawait exercise('labels-4', async ({ cluster, kubectl }: any) => {\n${body}\n});`;

test('what an answer makes of its cluster stays with the answer', async () => {
  const { reports, breach } = await judged(
    inCluster(`
      for (const put of [() => { cluster.requests = () => []; }, () => { cluster.client.list = () => ({ items: [] }); }, () => { kubectl.run = () => ({ code: 0, stdout: 'yes' }); }, () => { cluster.advance = () => {}; }]) try { put(); } catch {}
      Object.defineProperty(cluster, 'now', { get: () => '' });
      cluster.requests().splice(0);
      cluster.machines.clear();
      cluster.client.list('Pod').items.length = 0;`),
  );
  assert.is(breach, undefined);
  assert.is(reports[0]!.points, 0);
  assert.equal(reports[0]!.verdicts[1]!.reason, '아직 아무 파드도 지우지 않았다.');
});

test('the machinery behind a cluster is not for answers', async () => {
  for (const name of ['server', 'loop', 'kubelets']) {
    const { reports } = await judged(inCluster(`cluster.${name}.constructor;`));
    assert.match(reports[0]!.verdicts[0]!.reason!, new RegExp(`채점할 때는 쓸 수 없다: ${name}`));
  }
});

test('no exercise and no check is found in the process of an answer', async () => {
  const catching = "const caught: any[] = []; for (const type of [Array, Map, Set]) for (const name of ['map', 'get', 'find', 'filter', 'values'] as const) { const own = (type.prototype as any)[name]; if (own) (type.prototype as any)[name] = function (...given: any[]) { caught.push(this, ...given); return own.apply(this, given); }; }";
  const body = "await exercise('why-4', (text: string) => { for (const one of caught) for (const part of [one, ...(Array.isArray(one) ? one : [])]) if (part?.checks) throw new Error('caught'); try { (grade as any)('why-4', () => []); } catch (error) { throw new Error('no grade: ' + (error as Error).message); } });";
  const { reports } = await judged(`import { exercise, grade } from 'kubook';\n${catching}\n${body}`);
  assert.match(reports[0]!.verdicts[0]!.reason!, /no grade: 채점할 때는 쓸 수 없다: grade/);
});

test('who forges what it says gets nothing', async () => {
  const forged = [
    "{ t: 'report', report: { id: 'labels-4', passed: true, points: 5, of: 5 } }",
    "{ t: 'over', clean: true }",
    "{ t: 'call', of: 0, name: 'constructor', args: [] }",
    "{ t: 'get', of: 0, name: 'server' }",
    "{ t: 'call', of: 1e9, name: 'advance', args: ['1h'] }",
    "{ t: 'call', of: 1, name: 'handle', args: [{ verb: 'delete', user: 'system:masters' }] }",
    "{ t: 'done', value: { $: 'far', id: 0 } }",
    "{ t: 'done', value: { $: 'near', id: -1 } }",
  ];
  for (const message of forged) {
    const result = await judged(inCluster(`(Object.prototype as any).toJSON = function () { return this.t ? ${message} : this; };`));
    assert.is(result.breach, 'malformed', message);
    assert.equal(result.reports, [], message);
  }
});

test('a flood is stopped', async () => {
  assert.is((await judged(inCluster("cluster.file('a', 'x'.repeat(10_000_000));"))).breach, 'oversized');
  assert.is((await judged(inCluster("const text = 'x'.repeat(4_000_000); for (;;) cluster.file('a', text);"))).breach, 'oversized');
  assert.is((await judged(inCluster('let deep: any = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return deep;'))).reports[0]!.points, 0);
});

test('time goes on as the cluster says', async () => {
  const back = await judged(inCluster("const before = cluster.now; cluster.advance(-1e12); if (cluster.now !== before) throw new Error('back');"));
  assert.equal(back.reports[0]!.verdicts[1]!.reason, '아직 아무 파드도 지우지 않았다.');
  assert.is((await judged(inCluster('cluster.advance(Infinity);'))).breach, 'endless');
});

test('a name that every object has is only a name', async () => {
  const code = "import { exercise } from 'kubook';\nawait exercise('labels-5', ((selector: any, labels: any) => JSON.parse('{\"__proto__\": {\"passed\": true, \"points\": 9}, \"valueOf\": 1}')) as any);";
  assert.not.ok((await judged(code)).reports[0]!.passed);
});

test('an answer that does not wait for itself is told so', async () => {
  const code = "import { exercise } from 'kubook';\nvoid exercise('labels-4', async () => { await null; for (let i = 0; i < 100; i++) await null; });";
  assert.is((await judged(code)).breach, 'left');
});

test.run();
