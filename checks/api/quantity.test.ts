import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytes, cpuMilli, parseQuantity, Quantity } from '../../lib/api/index.ts';

const test = suite('quantity');

test('a number in YAML is read as its text', () => {
  assert.is(parseQuantity(2).toString(), '2');
  assert.is(parseQuantity(0.5).toString(), '500m');
});

test('helpers round up and remember', () => {
  assert.is(cpuMilli('1.0001'), 1001);
  assert.is(cpuMilli(undefined), 0);
  assert.is(bytes('1.5Gi'), 1610612736);
  assert.is(bytes('1500m'), 2);
});

test('the format of the first non-zero amount wins a sum', () => {
  const sum = ['0', '1Gi', '1G'].map(parseQuantity).reduce((a, b) => a.add(b), new Quantity(0n, 0, 'DecimalSI'));
  assert.is(sum.toString(), '2073741824');
  assert.is(sum.format, 'BinarySI');
});

test('an enormous exponent does not fill the memory', () => {
  assert.is(parseQuantity('1e2147483647').value(), 0);
});

test('errors are the words of Kubernetes', () => {
  for (const text of ['', 'x', '1GB', '64MB']) assert.throws(() => parseQuantity(text), /^quantities must match the regular expression/);
  assert.throws(() => parseQuantity('5mi'), /unable to parse quantity's suffix/);
});

test.run();
