import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { base32, computeHash, hex, IPRange, safeEncodeString, scaledValue, sha256 } from '../../lib/api/index.ts';

const test = suite('hashes, addresses, counts');
const template = (container: object) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'b', ...container }] } });

test('a template hash changes with every field, also with newer ones', () => {
  const hashes = [{}, { image: 'c' }, { restartPolicy: 'Always' }, { restartPolicy: 'Never' }, { ports: [{ containerPort: 80 }] }].map((one) => computeHash(template(one)));
  assert.is(new Set(hashes).size, hashes.length);
  for (const hash of hashes) assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
});

test('order of keys and a collision count', () => {
  assert.is(computeHash({ spec: { hostname: 'h', nodeName: 'n' } }), computeHash({ spec: { nodeName: 'n', hostname: 'h' } }));
  assert.is.not(computeHash(template({}), 0), computeHash(template({})));
  assert.is.not(computeHash(template({}), 0), computeHash(template({}), 1));
});

test('letters of generated names', () => {
  assert.is(safeEncodeString('0123456789'), '456789bcdf');
});

test('SHA-256 as published', () => {
  assert.is(hex(sha256('')), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.is(hex(sha256('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.is(hex(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
  assert.is(base32(new TextEncoder().encode('foobar')), 'MZXW6YTBOI======');
});

test('addresses are given out once, the low ones last', () => {
  const range = new IPRange('10.96.0.0/24');
  assert.is(range.allocateNext(() => 0, { reserved: 16 }), '10.96.0.17');
  range.allocate('10.96.0.18');
  assert.is(range.allocateNext(() => 0, { reserved: 16 }), '10.96.0.19');
  range.release('10.96.0.17');
  assert.is(range.has('10.96.0.17'), false);
  const small = new IPRange('10.0.0.0/29');
  const all = Array.from({ length: 6 }, () => small.allocateNext((n) => n - 1));
  assert.is(new Set(all).size, 6);
  assert.throws(() => small.allocateNext(() => 0), /range is full/);
});

test('IPv6 addresses are printed short', () => {
  const range = new IPRange('2001:db8:0:0:1::/112');
  assert.is(range.cidr, '2001:db8:0:0:1::/112');
  assert.is(range.allocateNext(() => 0), '2001:db8::1:0:0:1');
});

test('a part of a whole', () => {
  assert.is(scaledValue('25%', 10, true), 3);
  assert.is(scaledValue('25%', 10, false), 2);
  assert.is(scaledValue(4, 10, true), 4);
  assert.throws(() => scaledValue('a', 10, true), /invalid value for IntOrString/);
});

test.run();
