// Each stage is the one that refuses: without it the request goes on.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../lib/sim/index.ts';
import { ask, askedAt, newServer, type Pipeline, type Stage } from './refusals.ts';

const random = createRandom('stages');
const codes = (stage: Stage, pipeline: Pipeline = {}) => {
  const server = newServer(createRandom(1), pipeline);
  return askedAt(stage, createRandom('names')).map((asked) => ask(server, asked, { stage, random, ...pipeline }).code);
};

test('the answers have the codes that the lesson tells', () => {
  assert.equal(codes('authn'), [401, 401, 401]);
  assert.equal(codes('authz'), [403, 403, 403, 403]);
  assert.equal(codes('admission'), [403, 403, 403, 404]);
  assert.equal(codes('validation'), [422, 422, 422]);
  assert.equal(codes('storage'), [404, 404, 409, 409, 404]);
});

test('a known token passes authentication, an open door authorization, an empty chain admission', () => {
  const known = { tokens: () => ({ name: 'kubernetes-admin', groups: ['system:masters'] }) };
  assert.equal(codes('authn', known), [200, 201, 404]);
  assert.equal(codes('authz', { allowAll: true }), [200, 404, 201, 200]);
  assert.equal(codes('admission', { admission: [] }), [201, 201, 200, 201]);
  for (const pipeline of [known, { allowAll: true }, { admission: [] }]) {
    assert.equal(codes('validation', pipeline), [422, 422, 422]);
    assert.equal(codes('storage', pipeline), [404, 404, 409, 409, 404]);
  }
});

test.run();
