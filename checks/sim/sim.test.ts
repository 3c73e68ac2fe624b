import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Actor, Clock, createRandom, duration, epoch, Loop, LoopBudgetError, microTimestamp, nameAlphabet, timestamp } from '../../lib/sim/index.ts';

const random = suite('random');

random('the same seed draws the same, another seed another', () => {
  const draw = (seed: number) => Array.from({ length: 50 }, ((r) => () => r.int(1000))(createRandom(seed)));
  assert.equal(draw(7), draw(7));
  assert.not.equal(draw(7), draw(8));
});

random('a fork does not shift its parent', () => {
  const [a, b] = [createRandom(1), createRandom(1)];
  a.fork('kubelet').uuid();
  assert.is(a.uuid(), b.uuid());
  assert.not.equal(createRandom(1).fork('x').uuid(), createRandom(1).fork('y').uuid());
});

random('uuids are version 4, suffixes use the alphabet of generated names', () => {
  const r = createRandom(3);
  for (let i = 0; i < 200; i++) {
    assert.match(r.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match(r.suffix(), new RegExp(`^[${nameAlphabet}]{5}$`));
  }
});

random('numbers fill their range evenly', () => {
  const r = createRandom(5);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[r.int(10)]!++;
  for (const count of counts) assert.ok(count > 850 && count < 1150, `${counts}`);
});

random.run();

const clock = suite('clock');

clock('timers run by time, then in the order they were set', () => {
  const c = new Clock();
  const ran: string[] = [];
  c.after(20, () => ran.push('late'));
  c.after(10, () => ran.push('first'));
  c.after(10, () => ran.push('second'));
  c.cancel(c.after(5, () => ran.push('never')));
  assert.is(c.next(), epoch + 10);
  c.now += 30;
  c.runDue();
  assert.equal(ran, ['first', 'second', 'late']);
  assert.is(c.next(), undefined);
});

clock('many timers come out in order', () => {
  const c = new Clock();
  const r = createRandom(9);
  const ran: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const delay = r.int(500);
    c.after(delay, () => ran.push(delay));
  }
  c.now += 1000;
  c.runDue();
  assert.equal(ran, [...ran].sort((a, b) => a - b));
  assert.is(ran.length, 2000);
});

clock('times are written as Kubernetes writes them', () => {
  assert.is(timestamp(epoch + 61_999), '2026-01-01T00:01:01Z');
  assert.is(microTimestamp(epoch + 5), '2026-01-01T00:00:00.005000Z');
  // As the calendar says, over leap days, before 1970, and within a millisecond.
  for (const at of [0, -1, -86_400_001, 951_782_399_999, 951_782_400_000, 1_709_164_800_123, 4_102_444_799_999, epoch + 86_399_999, epoch + 0.7]) {
    const text = new Date(Math.floor(at)).toISOString();
    assert.is(timestamp(at), `${text.slice(0, 19)}Z`);
    assert.is(microTimestamp(at), `${text.slice(0, 23)}000Z`);
  }
  assert.is(duration('1m30s'), 90_000);
  assert.is(duration('250ms'), 250);
  assert.is(duration(5), 5);
  assert.throws(() => duration('5 minutes'), /invalid duration/);
});

clock.run();

const loop = suite('loop');

function counter(name: string, work: number, log: string[]): Actor {
  return { name, ready: () => work > 0, step: () => (work--, void log.push(name)) };
}

loop('the seed picks who steps; everyone finishes', () => {
  const order = (seed: number) => {
    const log: string[] = [];
    const l = new Loop({ clock: new Clock(), random: createRandom(seed) });
    for (const name of ['a', 'b', 'c']) l.wake(counter(name, 10, log));
    l.settle();
    return log.join('');
  };
  assert.is(order(1), order(1));
  assert.is.not(order(1), order(2));
  assert.is([...order(1)].sort().join(''), 'a'.repeat(10) + 'b'.repeat(10) + 'c'.repeat(10));
});

loop('an actor that never settles is named', () => {
  const l = new Loop({ clock: new Clock(), random: createRandom(1), budget: 100 });
  l.wake({ name: 'spinner', ready: () => true, step: () => {} });
  try {
    l.settle();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LoopBudgetError);
    assert.is((error as LoopBudgetError).actor, 'spinner');
  }
});

loop('time passes without waiting, and stops where it was told to', () => {
  const c = new Clock();
  const l = new Loop({ clock: c, random: createRandom(1) });
  let ticks = 0;
  const tick = () => {
    ticks++;
    c.after(1000, tick);
  };
  c.after(1000, tick);
  l.runUntil(epoch + 10_500);
  assert.is(ticks, 10);
  assert.is(c.now, epoch + 10_500);
  l.runUntil(epoch + 60_000, () => ticks === 15);
  assert.is(c.now, epoch + 15_000);
});

loop('a component that advances the clock itself is refused', () => {
  const l = new Loop({ clock: new Clock(), random: createRandom(1) });
  let done = false;
  l.wake({ name: 'impatient', ready: () => !done, step: () => ((done = true), l.settle()) });
  assert.throws(() => l.settle(), /must not advance the clock/);
});

loop.run();
