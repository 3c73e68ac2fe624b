// YAML as kubectl reads and prints it. The expected texts are what kubectl 1.32 printed for the same input.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { documents, printYaml } from '../../lib/kubectl/index.ts';

const printing = suite('printing YAML');

const scalars: [string, string][] = [
  ['true', '"true"'],
  ['1', '"1"'],
  ['', '""'],
  ['null', '"null"'],
  ['~', '"~"'],
  ['yes', '"yes"'],
  ['0x1F', '"0x1F"'],
  ['1e3', '"1e3"'],
  ['1_000', '"1_000"'],
  ['1:30', '"1:30"'],
  ['2020-01-01', '"2020-01-01"'],
  ['2020-01-01T00:00:00Z', '"2020-01-01T00:00:00Z"'],
  ['v1', 'v1'],
  ['1.2.3', '1.2.3'],
  ['127.0.0.1', '127.0.0.1'],
  ['-a', '-a'],
  ['a#c', 'a#c'],
  ["it's", "it's"],
  ['x: y', "'x: y'"],
  ['x:', "'x:'"],
  ['*', "'*'"],
  ['- a', "'- a'"],
  ['#c', "'#c'"],
  ['@x', "'@x'"],
  [' lead', "' lead'"],
  ["a 'b' #c", "'a ''b'' #c'"],
  ['tab\there', '"tab\\there"'],
  ['한글 값', '한글 값'],
];
for (const [text, printed] of scalars) printing(`the string ${JSON.stringify(text)}`, () => assert.is(printYaml({ a: text }), `a: ${printed}\n`));

printing('several lines', () => {
  assert.is(printYaml({ a: 'x\ny\n' }), 'a: |\n  x\n  y\n');
  assert.is(printYaml({ a: 'x\ny' }), 'a: |-\n  x\n  y\n');
  assert.is(printYaml({ a: 'x\n\n' }), 'a: |+\n  x\n\n');
  assert.is(printYaml({ a: 'x \ny' }), 'a: "x \\ny"\n');
});

printing('lists lie under their key, empty things stay on the line', () => {
  const value = { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }], args: ['x', 'y'] }], empty: [], none: {} }, n: null };
  assert.is(printYaml(value), '"n": null\nspec:\n  containers:\n  - args:\n    - x\n    - "y"\n    name: a\n    ports:\n    - containerPort: 80\n  empty: []\n  none: {}\n');
});

printing('keys in natural order', () => {
  assert.is(printYaml({ app10: 1, app2: 2, B: 3, a: 4, 'a-b': 5 }), 'B: 3\na: 4\na-b: 5\napp2: 2\napp10: 1\n');
});

printing('long text breaks at a space past column 80', () => {
  const text = 'The node was low on resource: ephemeral-storage. Threshold quantity 1234, available 55Ki, and more words';
  assert.is(printYaml({ message: text }), `message: 'The node was low on resource: ephemeral-storage. Threshold quantity 1234,\n  available 55Ki, and more words'\n`);
});
printing.run();

const reading = suite('reading YAML');

reading('documents, comments, YAML 1.1 words', () => {
  assert.equal(documents('# only a comment\n---\na: yes\nb: 010\n---\n\n---\nc: "yes"\n').documents, [{ a: true, b: 8 }, { c: 'yes' }]);
  assert.equal(documents('t: 2020-01-01\n').documents, [{ t: '2020-01-01' }]);
  assert.equal(documents('{"a": [1, "x"]}').documents, [{ a: [1, 'x'] }]);
});

/** Text, and the error that go-yaml gives; lines count from the last `---`. */
const errors: [string, string][] = [
  ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
  ['a:\n  b: 1\n\tc: 2\n', 'line 3: found a tab character that violates indentation'],
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['x: 1\na: b: c\n', 'line 2: mapping values are not allowed in this context'],
  ['a:\n   b: 1\n  c: 2\n', 'line 2: did not find expected key'],
  ['a:\n  b: 1\n   c: 2\n', 'line 3: mapping values are not allowed in this context'],
  ['apiVersion: v1\nkind Pod\nmetadata:\n  name: x\n', "line 3: could not find expected ':'"],
  ['a: [1,2\nb: 3\n', "line 1: did not find expected ',' or ']'"],
  ['a: "abc\nb: c\n', 'line 3: found unexpected end of stream'],
  ['a: @x\n', 'found character that cannot start any token'],
  ['a: - b\n', 'block sequence entries are not allowed in this context'],
  ['a: "x\\q"\n', 'found unknown escape character'],
  ['a: *b\n', "unknown anchor 'b' referenced"],
];
for (const [text, message] of errors) reading(`error in ${JSON.stringify(text)}`, () => assert.is(documents(text).error, `error converting YAML to JSON: yaml: ${message}`));

reading('what came before the error was read', () => {
  const { documents: read, error } = documents('a: 1\n---\nb: c: d\n');
  assert.equal(read, [{ a: 1 }]);
  assert.match(error!, /mapping values/);
});

reading('a text that begins like JSON is read as JSON', () => {
  assert.is(documents('{"a": 1,}').error, "json: offset 9: invalid character '}' looking for beginning of object key string");
});
reading.run();
