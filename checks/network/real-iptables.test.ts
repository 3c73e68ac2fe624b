// The kernel takes every rule set that random Services and endpoints give, and iptables-save prints what we print.
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createIptablesProxier, createUserspaceProxy, type Family, iptablesJumps, ipvsFrame, ipvsState, listChain, restoreText, Tables, userspaceJumps } from '../../lib/network/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import { alone, firstDifference } from './own-network.ts';
import { randomWorld } from './random-services.ts';

const test = suite('real iptables');

/** Seeds that once found something stay here. */
const seeds = [1, 2, 3, 4];

function able(): boolean {
  try {
    execFileSync('iptables-save', ['--version'], { stdio: 'ignore' });
    const tried = alone('iptables-restore <<EOF\n*nat\n:A - [0:0]\n-A A -m recent --name x --set -j MARK --or-mark 0x1\nCOMMIT\nEOF\niptables-save -t nat | grep -q nf || iptables-save --version | grep -q nf_tables');
    return tried.status === 0;
  } catch {
    return false;
  }
}

/** `iptables -t nat -L -n`. */
function listing(tables: Tables): string {
  const chains = tables.chains('nat');
  const jumps = chains.flatMap(({ rules }) => rules.flatMap(({ target }) => (target.kind === 'jump' ? [target.chain] : [])));
  return chains.map((chain) => listChain(chain, jumps.filter((name) => name === chain.name).length, { numeric: true, lineNumbers: false, family: tables.family })).join('\n');
}

function prepare(jumps: readonly { table: string; from: string; to: string; rule: string }[], command: string): string {
  return jumps.map(({ table, from, to, rule }) => `${command} -t ${table} -N ${to} 2>/dev/null || true\n${command} -t ${table} -I ${from} ${rule}`).join('\n');
}

if (!able()) {
  console.log('NOTE no iptables in a network of our own here');
  test.skip('rules of random Services are loaded by the real tools', () => {});
} else {
  for (const release of ['v1.20', 'v1.33']) {
    for (const family of ['IPv4', 'IPv6'] as Family[]) {
      test(`iptables mode, ${release}, ${family}`, () => {
        const version = createVersion(release);
        const command = family === 'IPv6' ? 'ip6tables' : 'iptables';
        for (const seed of seeds) {
          const { state, config } = randomWorld(seed, { family, all: release !== 'v1.20' });
          const text = restoreText(createIptablesProxier(version, config).sync(state.ports, state.endpoints));
          const tables = new Tables(family);
          tables.ensureChain('nat', 'KUBE-MARK-DROP');
          for (const { table, from, to, rule } of iptablesJumps(version)) {
            tables.ensureChain(table, to);
            tables.ensureRule(table, from, rule);
          }
          tables.restore(text);
          const script = `${command} -t nat -N KUBE-MARK-DROP\n${prepare(iptablesJumps(version), command)}\n${command}-restore --noflush --counters <<'END'\n${text}END\n${command}-save -t nat\n${command}-save -t filter\necho LIST\n${command} -t nat -L -n\n`;
          const { status, stdout, stderr } = alone(script);
          assert.is(status, 0, `seed ${seed}: ${stderr}`);
          const [saved = '', listed = ''] = stdout.split('LIST\n');
          assert.is(firstDifference(saved, tables.save('nat') + tables.save('filter')), '', `seed ${seed}`);
          assert.is(firstDifference(listed, listing(tables)), '', `seed ${seed}`);
        }
      });
    }
  }

  test('userspace mode', () => {
    for (const seed of seeds) {
      const { state, config } = randomWorld(seed, { all: false });
      const proxy = createUserspaceProxy(config, createRandom(seed));
      const text = restoreText(proxy.sync(state.ports, state.endpoints));
      const tables = new Tables();
      for (const { table, from, to, rule } of userspaceJumps) {
        tables.ensureChain(table, to);
        tables.ensureRule(table, from, rule);
      }
      tables.restore(text);
      const { status, stdout, stderr } = alone(`${prepare(userspaceJumps, 'iptables')}\niptables-restore --noflush <<'END'\n${text}END\niptables-save -t nat\niptables-save -t filter\necho LIST\niptables -t nat -L -n\n`);
      assert.is(status, 0, `seed ${seed}: ${stderr}`);
      const [saved = '', listed = ''] = stdout.split('LIST\n');
      assert.is(firstDifference(saved, tables.save('nat') + tables.save('filter')), '', `seed ${seed}`);
      assert.is(firstDifference(listed, listing(tables)), '', `seed ${seed}`);
    }
  });

  for (const release of ['v1.20', 'v1.33']) {
    for (const family of ['IPv4', 'IPv6'] as Family[]) test(`ipvs mode, ${release}, ${family}`, () => {
      const [command, inet] = family === 'IPv6' ? ['ip6tables', ' family inet6'] : ['iptables', ''];
      const version = createVersion(release);
      const { chains, jumps } = ipvsFrame(version);
      for (const seed of seeds) {
        const { state, config } = randomWorld(seed, { all: false, family });
        const { document, sets } = ipvsState(state.ports.values(), state.endpoints, config, { existing: new Set(chains.map(({ chain }) => chain)), filters: release !== 'v1.20', categorized: release !== 'v1.20' });
        // Not every kernel has the match of what its own balancer did.
        const text = restoreText(document).replace(/^.* -m ipvs .*\n/gm, '');
        const tables = new Tables(family);
        tables.ensureChain('nat', 'KUBE-MARK-DROP');
        for (const { table, chain } of chains) tables.ensureChain(table, chain);
        for (const { table, from, rule } of jumps) tables.ensureRule(table, from, rule);
        tables.restore(text);
        const entries = Object.values(sets).flatMap(({ name, type, entries }) => [`ipset create ${name} ${type}${type === 'bitmap:port' ? ' range 0-65535' : inet}`, ...[...entries].map((entry) => `ipset add ${name} ${entry}`)]);
        const made = [`${command} -t nat -N KUBE-MARK-DROP`, ...chains.map(({ table, chain }) => `${command} -t ${table} -N ${chain}`)];
        const script = `${[...entries, ...made].join('\n')}\n${jumps.map(({ table, from, rule }) => `${command} -t ${table} -I ${from} ${rule}`).join('\n')}\n${command}-restore --noflush <<'END'\n${text}END\n${command}-save -t nat\n${command}-save -t filter\n`;
        const { status, stdout, stderr } = alone(script);
        assert.is(status, 0, `seed ${seed}: ${stderr}`);
        assert.is(firstDifference(stdout, tables.save('nat') + tables.save('filter')), '', `seed ${seed}`);
      }
    });
  }
}

test('ipvs mode: since v1.27 a local SCTP node port keeps its sender', () => {
  const { state, config } = randomWorld(1, { all: false });
  const lines = (later: boolean) => restoreText(ipvsState(state.ports.values(), state.endpoints, config, { existing: new Set(), filters: later, categorized: later }).document).split('\n');
  const targets = (later: boolean) => lines(later).filter((line) => line.startsWith('-A KUBE-NODE-PORT -p sctp ')).map((line) => line.split(' -j ')[1]);
  assert.equal(targets(false), ['KUBE-MARK-MASQ', 'RETURN']);
  assert.equal(targets(true), ['RETURN', 'KUBE-MARK-MASQ']);
});

test.run();
