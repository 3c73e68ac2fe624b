import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DockerHost, type HostOptions } from '../../lib/cluster/index.ts';

/** A host with unit files: `web` is /etc/systemd/system/web.service. */
function hostWith(units: Record<string, string>, options: HostOptions = {}): DockerHost {
  const host = createHost({ name: 'master', ...options });
  for (const [name, text] of Object.entries(units)) host.file(`/etc/systemd/system/${name}.service`, text);
  return host;
}

const service = (lines: string, unit = '') => `[Unit]\nDescription=${unit.includes('Description=') ? '' : 'Test'}\n${unit}\n[Service]\n${lines}\n`;
const states = (host: DockerHost, ...names: string[]) => names.map((name) => host.sh.run(`systemctl is-active ${name}`).stdout.trim());
/** What systemd said of a unit, without the time. */
const said = (host: DockerHost, unit: string) => host.machine.systemd.journal.entries.filter((entry) => entry.unit === `${unit}.service`).map(({ text }) => text);

test('a unit file runs: status, processes and the journal show its command line', () => {
  const host = hostWith({ web: service('ExecStart=/bin/sleep 1d') });
  assert.equal(host.sh.run('systemctl start web'), { code: 0, stdout: '', stderr: '', printed: '' });
  const status = host.sh.run('systemctl status web').stdout;
  assert.match(status, /^● web\.service - Test\n {5}Loaded: loaded \(\/etc\/systemd\/system\/web\.service; static\)\n {5}Active: active \(running\) since Thu 2026-01-01 00:00:00 UTC; 0s ago\n/);
  assert.match(status, /Main PID: (\d+) \(sleep\)\n {5}CGroup: \/system\.slice\/web\.service\n {13}└─\1 \/bin\/sleep 1d\n/);
  assert.match(host.sh.run('ps aux').stdout, /^root +\d+ .* \/bin\/sleep 1d$/m);
  assert.equal(said(host, 'web'), ['Started web.service - Test.']);
  host.sh.run('systemctl stop web');
  assert.not.match(host.sh.run('ps aux').stdout, /sleep 1d/);
  assert.equal(said(host, 'web').slice(1), ['Stopping web.service - Test...', 'web.service: Deactivated successfully.', 'Stopped web.service - Test.']);
});

test('systemd 245 says the same in its own words', () => {
  const host = hostWith({ web: service('ExecStart=/bin/sleep 1d') }, { os: 'ubuntu-20.04' });
  host.sh.run('systemctl start web; systemctl stop web');
  assert.equal(said(host, 'web'), ['Started Test.', 'Stopping Test...', 'web.service: Succeeded.', 'Stopped Test.']);
});

test('lines that are wrong are said and left out; a glued line is not wrong, only not what was meant', () => {
  const glued = 'Description=Kubernetes Controller Manager Documentation=https://github.com/kubernetes/kubernetes';
  const host = hostWith({ web: `Wants=early.service\n[Unit]\n${glued}\nDocumentaton=https://example.com\nnonsense\n[Servce]\nExecStart=/bin/true\n[Service]\n# a comment\nRestart=sometimes\nExecStart=/bin/sleep \\\n# between\n  1d\n` });
  host.sh.run('systemctl start web');
  assert.equal(said(host, 'web').slice(0, -1), [
    '/etc/systemd/system/web.service:1: Assignment outside of section. Ignoring.',
    "/etc/systemd/system/web.service:4: Unknown key name 'Documentaton' in section 'Unit', ignoring.",
    "/etc/systemd/system/web.service:5: Missing '=', ignoring line.",
    "/etc/systemd/system/web.service:6: Unknown section 'Servce'. Ignoring.",
    '/etc/systemd/system/web.service:10: Failed to parse service restart specifier, ignoring: sometimes',
  ]);
  const status = host.sh.run('systemctl status web').stdout;
  assert.match(status, '● web.service - Kubernetes Controller Manager Documentation=https://github.com/kubernetes/kubernetes\n');
  assert.not.match(status, /Docs:/);
  assert.match(status, /└─\d+ \/bin\/sleep 1d\n/);
});

test('After= is an order, Requires= is not: without After the second starts before the first is there', () => {
  const first = service('ExecStartPre=/bin/sleep 3\nExecStart=/bin/sleep 1d');
  const times = (unit: string) => {
    const host = hostWith({ first, second: service('ExecStart=/bin/sleep 1d', unit) });
    host.sh.run('systemctl start second');
    host.advance('10s');
    return [...host.machine.systemd.journal.entries].filter(({ text }) => text.startsWith('Started')).map(({ unit: name, time }) => `${name} ${(time - Date.UTC(2026, 0, 1)) / 1000}`);
  };
  assert.equal(times('Requires=first.service\nAfter=first.service'), ['first.service 3', 'second.service 3']);
  assert.equal(times('Requires=first.service'), ['second.service 0', 'first.service 3']);
  assert.equal(times('After=first.service'), ['second.service 0']);
});

test('a required unit that fails: who waits for it is not started; who only wants it is', () => {
  const broken = service('ExecStart=/bin/sleep 1d\nExecStartPre=/bin/false');
  const host = hostWith({ broken, needs: service('ExecStart=/bin/sleep 1d', 'Requires=broken.service\nAfter=broken.service'), wants: service('ExecStart=/bin/sleep 1d', 'Wants=broken.service\nAfter=broken.service') });
  assert.equal(host.sh.run('systemctl start needs'), { code: 1, stdout: '', stderr: "A dependency job for needs.service failed. See 'journalctl -xe' for details.\n", printed: "A dependency job for needs.service failed. See 'journalctl -xe' for details.\n" });
  assert.equal(said(host, 'needs'), ['Dependency failed for needs.service - Test.', "needs.service: Job needs.service/start failed with result 'dependency'."]);
  assert.is(host.sh.run('systemctl start wants').code, 0);
  assert.equal(states(host, 'broken', 'needs', 'wants'), ['failed', 'inactive', 'active']);
  assert.match(host.sh.run('systemctl start nowhere').stderr, 'Failed to start nowhere.service: Unit nowhere.service not found.');
});

test('a step before the start that fails blocks it', () => {
  const host = hostWith({ web: service('ExecStartPre=/usr/bin/curl -fsSL -o /opt/web https://dl.k8s.io/release/v9/web\nExecStart=/bin/sleep 1d') });
  const { code, stderr } = host.sh.run('systemctl start web');
  assert.equal([code, stderr], [1, 'Job for web.service failed because the control process exited with error code.\nSee "systemctl status web.service" and "journalctl -xeu web.service" for details.\n']);
  assert.equal(said(host, 'web').slice(-3), ['web.service: Control process exited, code=exited, status=22/n/a', "web.service: Failed with result 'exit-code'.", 'Failed to start web.service - Test.']);
  assert.not.match(host.sh.run('ps aux').stdout, /sleep 1d/);
  // With a dash before it, a failure counts for nothing.
  host.file('/etc/systemd/system/web.service', service('ExecStartPre=-/bin/false\nExecStart=/bin/sleep 1d'));
  host.sh.run('systemctl daemon-reload; systemctl start web');
  assert.equal(states(host, 'web'), ['active']);
});

test('a stop goes to those who require the unit, a failure does not', () => {
  const units = { first: service('ExecStart=/bin/sh -c "sleep 5; exit 1"'), second: service('ExecStart=/bin/sleep 1d', 'Requires=first.service\nAfter=first.service'), bound: service('ExecStart=/bin/sleep 1d', 'BindsTo=first.service\nAfter=first.service') };
  const host = hostWith(units);
  host.sh.run('systemctl start second bound; systemctl stop first');
  assert.equal(states(host, 'first', 'second', 'bound'), ['inactive', 'inactive', 'inactive']);
  host.sh.run('systemctl start second bound');
  host.advance('10s');
  assert.equal(states(host, 'first', 'second', 'bound'), ['failed', 'active', 'inactive']);
});

test('Restart=: who is started again, when, and when no more', () => {
  const host = hostWith({ once: service('ExecStart=/bin/sh -c "sleep 1; exit 3"'), again: service('ExecStart=/bin/sh -c "sleep 1; exit 3"\nRestart=on-failure\nRestartSec=2s'), quick: service('ExecStart=/bin/false\nRestart=always') });
  host.sh.run('systemctl start once again quick');
  host.advance('1500ms');
  assert.equal(states(host, 'once', 'again', 'quick'), ['failed', 'activating', 'failed']);
  assert.equal(said(host, 'quick').slice(-2), ["quick.service: Failed with result 'start-limit-hit'.", 'Failed to start quick.service - Test.']);
  assert.is(said(host, 'quick').filter((line) => line.includes('Scheduled restart job')).length, 5);
  host.advance('2s');
  assert.equal(states(host, 'again'), ['active']);
  assert.match(said(host, 'again').join('\n'), 'again.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED\nagain.service: Failed with result \'exit-code\'.\nagain.service: Scheduled restart job, restart counter is at 1.');
});

test('a program that is not there, or may not be executed', () => {
  const host = hostWith({ gone: service('ExecStart=/opt/bin/gone'), closed: service('ExecStart=/opt/closed') });
  host.file('/opt/closed', '#!/bin/sh\nsleep 1d\n');
  // The fork of a simple service has worked by then.
  assert.is(host.sh.run('systemctl start gone closed').code, 0);
  host.advance('1s');
  assert.equal(said(host, 'gone'), ['gone.service: Failed at step EXEC spawning /opt/bin/gone: No such file or directory', 'Started gone.service - Test.', 'gone.service: Main process exited, code=exited, status=203/EXEC', "gone.service: Failed with result 'exit-code'."]);
  assert.match(said(host, 'closed')[0]!, 'Permission denied');
  host.sh.run('chmod +x /opt/closed; systemctl start closed');
  assert.equal(states(host, 'closed'), ['active']);
});

test('what changed on the disk counts after daemon-reload; drop-ins go over the file', () => {
  const host = hostWith({ web: service('ExecStart=/bin/sleep 1d') });
  host.sh.run('systemctl start web');
  host.file('/etc/systemd/system/web.service.d/10-longer.conf', '[Service]\nExecStart=\nExecStart=/bin/sleep 2d\n');
  const warning = "Warning: The unit file, source configuration file or drop-ins of web.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";
  assert.is(host.sh.run('systemctl restart web').stderr, warning);
  assert.match(host.sh.run('systemctl status web').stdout, 'sleep 1d');
  assert.is(host.sh.run('systemctl daemon-reload; systemctl restart web').stderr, '');
  assert.match(host.sh.run('systemctl status web').stdout, /Drop-In: \/etc\/systemd\/system\/web\.service\.d\n {13}└─10-longer\.conf\n[^]*sleep 2d/);
  assert.is(host.sh.run('systemctl cat web').stdout, '# /etc/systemd/system/web.service\n[Unit]\nDescription=Test\n\n[Service]\nExecStart=/bin/sleep 1d\n\n# /etc/systemd/system/web.service.d/10-longer.conf\n[Service]\nExecStart=\nExecStart=/bin/sleep 2d\n');
});

test('enabled is what a link says, and what is linked starts at boot in its order', () => {
  const install = '\n[Install]\nWantedBy=multi-user.target';
  const host = hostWith({ first: service(`ExecStartPre=/bin/sleep 2\nExecStart=/bin/sleep 1d${install}`), second: service(`ExecStart=/bin/sleep 1d${install}`, 'After=first.service'), third: service('ExecStart=/bin/sleep 1d') });
  assert.match(host.sh.run('systemctl enable second first').stderr, 'Created symlink /etc/systemd/system/multi-user.target.wants/second.service → /etc/systemd/system/second.service.\n');
  assert.match(host.sh.run('systemctl enable third').stderr, 'The unit files have no installation config');
  assert.equal(['first', 'third'].map((name) => host.sh.run(`systemctl is-enabled ${name}`).stdout), ['enabled\n', 'static\n']);
  host.machine.reboot();
  host.advance('10s');
  assert.equal(states(host, 'first', 'second', 'third'), ['active', 'active', 'inactive']);
  assert.equal(host.machine.systemd.journal.entries.filter(({ boot, text }) => boot === 2 && text.startsWith('Started')).map(({ unit }) => unit), ['first.service', 'second.service']);
});

test('curl -z downloads only what is newer than the file', () => {
  const download = (condition: string) => `ExecStartPre=/usr/bin/curl -sS -L -o /opt/bin/kube-controller-manager ${condition} https://storage.googleapis.com/kubernetes-release/release/v1.7.6/bin/linux/amd64/kube-controller-manager\nExecStart=/bin/sleep 1d`;
  const took = (condition: string) => {
    const host = hostWith({ web: service(download(condition)) });
    host.sh.run('mkdir -p /opt/bin');
    return [1, 2, 3].map(() => {
      const before = Date.parse(host.now);
      host.sh.run('systemctl restart web');
      return Date.parse(host.now) - before >= 1000;
    });
  };
  assert.equal(took('-z /opt/bin/kube-controller-manager'), [true, false, false]);
  assert.equal(took(''), [true, true, true]);
});

test('a binary that the book does not play on this machine says so', () => {
  const host = hostWith({ kubelet2: service('ExecStartPre=/usr/bin/curl -sSfLo /opt/kubelet https://dl.k8s.io/release/v1.33.0/bin/linux/amd64/kubelet\nExecStartPre=/usr/bin/chmod +x /opt/kubelet\nExecStart=/opt/kubelet') });
  assert.is(host.sh.run('systemctl start kubelet2').code, 0);
  host.advance('1s');
  assert.match(said(host, 'kubelet2').join('\n'), /kubelet: 이 책의 이 머신에서는 유닛으로 돌릴 수 없는 프로그램이다/);
});

test('an order that bites its own tail is refused', () => {
  const host = hostWith({ a: service('ExecStart=/bin/sleep 1d', 'Requires=b.service\nAfter=b.service'), b: service('ExecStart=/bin/sleep 1d', 'After=a.service') });
  assert.match(host.sh.run('systemctl start a').stderr, 'Failed to start a.service: Transaction order is cyclic.');
});

test('systemd-analyze verify: what is wrong before anything is started', () => {
  const host = hostWith({ web: service('ExecStart=/opt/bin/web', 'Requires=gone.service\nDocumentaton=x') });
  const { code, stderr } = host.sh.run('systemd-analyze verify /etc/systemd/system/web.service');
  assert.equal([code, stderr.trimEnd().split('\n')], [1, ["/etc/systemd/system/web.service:4: Unknown key name 'Documentaton' in section 'Unit', ignoring.", 'web.service: Command /opt/bin/web is not executable: No such file or directory', 'web.service: Failed to create web.service/start: Unit gone.service not found.']]);
});

test.run();
