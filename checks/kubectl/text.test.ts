// Words, columns, YAML and JSONPath: the parts of kubectl that need no cluster.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFlags, bool, list, string } from '../../lib/kubectl/flags.ts';
import { goTemplate } from '../../lib/kubectl/go-template/index.ts';
import { goJson } from '../../lib/kubectl/go-text.ts';
import { evaluate, parseTemplate, valuesAt } from '../../lib/kubectl/jsonpath/index.ts';
import { compareValues } from '../../lib/kubectl/print-table.ts';
import { parseGoDuration, rfc1123 } from '../../lib/kubectl/text/duration.ts';
import { splitWords, templateWords } from '../../lib/kubectl/text/shell.ts';
import { alignRows, alignTabs } from '../../lib/kubectl/text/tabwriter.ts';
import { throwsText } from '../throws.ts';

const words = suite('words');

words('quotes, backslashes and line ends', () => {
  assert.equal(splitWords(`get  pods -l 'a in (b, c)' -o "x\\"y" a\\ b`), ['get', 'pods', '-l', 'a in (b, c)', '-o', 'x"y', 'a b']);
  assert.equal(splitWords('run web \\\n  --image=nginx'), ['run', 'web', '--image=nginx']);
  assert.equal(splitWords(`a ''`), ['a', '']);
  assert.equal(splitWords('get pods # 파드를 본다'), ['get', 'pods']);
  assert.throws(() => splitWords(`a 'b`), /unexpected EOF/);
});

words('what a shell would do is refused in Korean, unless it is quoted', () => {
  for (const line of ['get pods | grep web', 'get pods && get svc', 'get pods; get svc', 'get pods > out.txt', 'apply -f - < web.yaml']) assert.throws(() => splitWords(line), /셀에는 셸이 없다/);
  assert.equal(splitWords(`exec web -- sh -c 'ls | wc' "a;b" a\\|b`), ['exec', 'web', '--', 'sh', '-c', 'ls | wc', 'a;b', 'a|b']);
});

words('a value of a template is one argument, a list is several', () => {
  const tag = (strings: TemplateStringsArray, ...values: unknown[]) => templateWords(strings, values);
  assert.equal(tag`label pod ${'a b'} ${"it's"}=${'x y'}`, ['label', 'pod', 'a b', "it's=x y"]);
  assert.equal(tag`get pods ${['a', 'b c']}`, ['get', 'pods', 'a', 'b c']);
  assert.equal(tag`patch -p '{"spec":{"replicas":${3}}}'`, ['patch', '-p', '{"spec":{"replicas":3}}']);
  assert.equal(tag`run x -- sh -c "echo ${'"hi" $HOME'}"`, ['run', 'x', '--', 'sh', '-c', 'echo "hi" $HOME']);
});
words.run();

const flags = suite('flags');
const known = [string('output', 'o'), string('namespace', 'n'), bool('watch', 'w'), bool('all-namespaces', 'A'), list('label-columns', 'L'), { name: 'dry-run', type: 'string' as const, value: 'none', alone: 'unchanged' }];
const parse = (...argv: string[]) => parseFlags(argv, known, 'kubectl get');

flags('every spelling', () => {
  for (const argv of [['-o', 'wide'], ['-owide'], ['-o=wide'], ['--output', 'wide'], ['--output=wide'], ['-wo', 'wide'], ['-Ao=wide']]) assert.is(parse(...argv).flags.string('output'), 'wide', argv.join(' '));
  assert.is(parse('--dry-run').flags.string('dry-run'), 'unchanged');
  assert.is(parse('--dry-run=client').flags.string('dry-run'), 'client');
  assert.is(parse('--watch=false').flags.bool('watch'), false);
  assert.equal(parse('-L', 'a,b', '-L', 'c').flags.list('label-columns'), ['a', 'b', 'c']);
});

flags('what comes after -- is no flag', () => {
  const { args, dash } = parse('web', '--', 'sh', '-c', 'date');
  assert.equal(args, ['web', 'sh', '-c', 'date']);
  assert.is(dash, 1);
});

flags('mistakes', () => {
  throwsText(() => parse('--foo'), 'error: unknown flag: --foo\nSee \'kubectl get --help\' for usage.');
  throwsText(() => parse('-Zx'), "error: unknown shorthand flag: 'Z' in -Zx\nSee 'kubectl get --help' for usage.");
  throwsText(() => parse('--output'), 'error: flag needs an argument: --output');
  throwsText(() => parse('--watch=maybe'), 'invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax');
});
flags.run();

const columns = suite('columns');

columns('a table of get: at least six wide, three apart, the last cell not padded', () => {
  assert.is(alignRows([['NAME', 'AGE'], ['a', '5s'], ['longer-name', '10m']]), 'NAME          AGE\na             5s\nlonger-name   10m\n');
  const widths: number[] = [];
  alignRows([['longer-name', 'x']], widths);
  assert.is(alignRows([['a', 'y']], widths), 'a             y\n');
});

columns('tab stops belong to neighbouring lines that have the column', () => {
  assert.is(alignTabs('Name:\tweb\nLabels:\tapp=web\n\ttier=front\nPlain\nLong name:\tx'), 'Name:    web\nLabels:  app=web\n         tier=front\nPlain\nLong name:  x');
});
columns.run();

const paths = suite('JSONPath');
const pod = { metadata: { name: 'web', labels: { app: 'web', 'k8s.io/x': '1' } }, spec: { containers: [{ name: 'a', image: 'x:1' }, { name: 'b', image: 'y:2' }] }, n: 3 };
const print = (template: string, object: unknown = pod) => evaluate(parseTemplate(template), object);

paths('fields, lists, filters, ranges, literals', () => {
  assert.is(print('{.metadata.name}'), 'web');
  assert.is(print('{.spec.containers[*].image}'), 'x:1 y:2');
  assert.is(print('{.spec.containers[-1].name}{"\\t"}{.spec.containers[0:1].name}'), 'b\ta');
  assert.is(print('{.spec.containers[?(@.name=="b")].image}'), 'y:2');
  assert.is(print('{range .spec.containers[*]}{.name}={.image}{"\\n"}{end}'), 'a=x:1\nb=y:2\n');
  assert.is(print("{.metadata.labels['app']}"), 'web');
  assert.is(print('{.metadata.labels.k8s\\.io/x}'), '1');
  assert.is(print('{.metadata.labels}'), '{"app":"web","k8s.io/x":"1"}');
  assert.is(print('{..image}'), 'x:1 y:2');
  assert.is(print('{.n} {.missing}'), '3 ');
  assert.equal(valuesAt(pod, 'metadata.name'), ['web']);
});

paths('mistakes', () => {
  throwsText(() => print('{.spec.containers[}'), 'unterminated array');
  throwsText(() => print('{.a'), 'unclosed action');
  throwsText(() => print('{end}'), 'not in range, nothing to end');
});

paths('JSON as Go writes it', () => {
  assert.is(goJson({ b: '<a & b>', a: [1, {}] }), '{"a":[1,{}],"b":"\\u003ca \\u0026 b\\u003e"}');
});

paths('go-template: fields, range, if, comparisons', () => {
  assert.is(goTemplate('{{range .spec.containers}}{{.name}} {{if eq .name "a"}}first{{else}}other{{end}};{{end}}', pod), 'a first;b other;');
  assert.is(goTemplate('{{.metadata.labels}} {{.nope}}', pod), 'map[app:web k8s.io/x:1] <no value>');
});
paths.run();

const times = suite('times');

times('Go durations and dates', () => {
  assert.is(parseGoDuration('1h30m'), 5_400_000);
  assert.is(parseGoDuration('5'), undefined);
  assert.is(rfc1123('2026-01-01T00:00:05Z'), 'Thu, 01 Jan 2026 00:00:05 +0000');
});
times.run();

const sorting = suite('--sort-by');
sorting('what has no value comes first', () => {
  assert.equal(['b', null, '2', 'a', '10'].sort(compareValues), [null, '2', '10', 'a', 'b']);
  assert.is(compareValues(undefined, 'a'), -1);
});
sorting.run();
