import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine, GiB, Links } from '../../lib/machine/index.ts';
import { Clock } from '../../lib/sim/index.ts';

const test = suite('machine');
const pass = (clock: Clock, ms: number) => {
  clock.now += ms;
  clock.runDue();
};

test('ids belong to the host, and a boot id to the boot', () => {
  const clock = new Clock();
  const [a, again, b] = ['a', 'a', 'b'].map((name) => createMachine({ name, clock }));
  assert.equal([a!.mac, a!.productUuid], [again!.mac, again!.productUuid]);
  assert.is.not(a!.mac, b!.mac);
  assert.match(a!.mac, /^52:54:00(:[0-9a-f]{2}){3}$/);
  const before = a!.bootId;
  a!.reboot();
  assert.is.not(a!.bootId, before);
});

test('units start, stop, crash and come back', () => {
  const clock = new Clock();
  const log: string[] = [];
  const machine = createMachine({ name: 'a', clock });
  const unit = machine.addUnit('kubelet', { restartAfter: 10_000, service: { start: () => log.push('start'), stop: (crashed) => log.push(crashed ? 'crash' : 'stop') } });
  unit.start();
  unit.start();
  unit.crash();
  assert.is(unit.state, 'failed');
  pass(clock, 9_000);
  assert.is(unit.state, 'failed');
  pass(clock, 1_000);
  assert.is(unit.state, 'active');
  unit.stop();
  pass(clock, 20_000);
  assert.equal([log, unit.state], [['start', 'crash', 'start', 'stop'], 'inactive']);
});

test('power: everything ends at once, enabled units come back with it', () => {
  const clock = new Clock();
  const machine = createMachine({ name: 'a', clock });
  const [kubelet, other] = [machine.addUnit('kubelet'), machine.addUnit('other', { enabled: false })];
  kubelet.start();
  other.start();
  machine.use(GiB);
  machine.powerOff();
  assert.equal([kubelet.state, other.state, machine.memoryUsed, machine.boots], ['inactive', 'inactive', 0, 1]);
  machine.powerOn();
  assert.equal([kubelet.state, other.state, machine.boots], ['active', 'inactive', 2]);
});

test('firewall rules and cut links', () => {
  const machine = createMachine({ name: 'a', clock: new Clock() });
  assert.ok(machine.admits(10250));
  machine.firewall.push({ port: 10250, action: 'drop' });
  assert.not(machine.admits(10250));
  const links = new Links();
  let told = 0;
  links.onChange(() => void told++);
  links.cut('a', 'b');
  assert.equal([links.up('b', 'a'), links.up('a', 'c')], [false, true]);
  links.restore('b', 'a');
  links.restore('b', 'a');
  assert.equal([links.up('a', 'b'), told], [true, 2]);
});

test.run();
