// supervisord on a host: what it says and does when programs end, as the real one (4.2) did with the same file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DockerHost } from '../../lib/index.ts';

const main = '[supervisord]\nlogfile=/var/log/supervisor/supervisord.log\n[include]\nfiles = conf.d/*.conf\n';
const program = (name: string, command: string, more = '') => `[program:${name}]\ncommand=${command}\n${more}\n`;

function started(programs: string): DockerHost {
  const host = createHost();
  host.file('/etc/supervisor/supervisord.conf', main);
  host.file('/etc/supervisor/conf.d/all.conf', programs);
  assert.is(host.sh.run('supervisord').code, 0);
  host.advance('5s');
  return host;
}

const log = ({ sh }: DockerHost) => sh.run('cat /var/log/supervisor/supervisord.log').stdout;
/** Without times and process ids. */
const events = (host: DockerHost) => log(host).split('\n').map((line) => line.replace(/^\S+ \S+ /, '').replace(/pid \d+/, 'pid N')).filter((line) => !/^(CRIT|INFO RPC|INFO supervisord)|^$/.test(line));

test('a program that was killed is started again, and the log says both', () => {
  const host = started(`${program('docker', '/bin/sleep 1000', 'autorestart=true')}${program('kubelet', '/bin/sleep 2000', 'autorestart=true\npriority=1000')}`);
  const { sh } = host;
  assert.match(log(host), /^2026-01-01 00:00:00,\d{3} INFO supervisord started with pid \d+$/m);
  const before = sh.run('supervisorctl status').stdout;
  assert.match(before, /^docker {27}RUNNING {3}pid \d+, uptime 0:00:0\d\nkubelet {26}RUNNING {3}pid \d+, uptime 0:00:0\d\n$/);
  const pid = sh.run('supervisorctl pid docker').stdout.trim();
  assert.is(sh.run(`kill -9 ${pid}`).code, 0);
  host.advance('5s');
  assert.equal(events(host), [
    "INFO spawned: 'docker' with pid N",
    "INFO spawned: 'kubelet' with pid N",
    'INFO success: docker entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
    'INFO success: kubelet entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
    'WARN exited: docker (terminated by SIGKILL; not expected)',
    "INFO spawned: 'docker' with pid N",
    'INFO success: docker entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
  ]);
  assert.is.not(sh.run('supervisorctl pid docker').stdout.trim(), pid);
});

test('what cannot stay up is given up after its retries; what has done its work is left alone', () => {
  const host = started(`${program('bad', "sh -c 'exit 3'", 'startretries=2')}${program('none', '/nosuch', 'startretries=1')}${program('once', "sh -c 'sleep 2; exit 0'")}${program('again', "sh -c 'sleep 2; exit 0'", 'autorestart=true')}${program('manual', 'sleep 9', 'autostart=false')}`);
  host.advance('10s');
  const { stdout, code } = host.sh.run('supervisorctl status');
  assert.match(stdout, /^bad {30}FATAL {5}Exited too quickly \(process log may have details\)\nmanual {27}STOPPED {3}Not started\nnone {29}FATAL {5}can't find command '\/nosuch'\nonce {29}EXITED {4}Jan 01 12:00 AM$/m);
  assert.is(code, 3);
  const of = (name: string) => events(host).filter((line) => line.includes(name));
  assert.equal(of('bad'), ["INFO spawned: 'bad' with pid N", 'WARN exited: bad (exit status 3; not expected)', "INFO spawned: 'bad' with pid N", 'WARN exited: bad (exit status 3; not expected)', "INFO spawned: 'bad' with pid N", 'WARN exited: bad (exit status 3; not expected)', 'INFO gave up: bad entered FATAL state, too many start retries too quickly']);
  assert.equal(of('once').at(-1), 'INFO exited: once (exit status 0; expected)');
  assert.ok(of('again').filter((line) => line.startsWith('INFO spawned')).length > 2);
});

test('supervisorctl starts, stops, restarts and takes in what is new', () => {
  const host = started(program('web', '/bin/sleep 1000'));
  const { sh } = host;
  const say = (line: string) => {
    const { stdout, code } = sh.run(`supervisorctl ${line}`);
    return `${code} ${stdout.trim()}`;
  };
  assert.equal([say('stop web'), say('stop web'), say('start web'), say('start web'), say('restart web')], ['0 web: stopped', '0 web: ERROR (not running)', '0 web: started', '0 web: ERROR (already started)', '0 web: stopped\nweb: started']);
  assert.equal([say('start nosuch'), say('foo'), say('reread')], ['1 nosuch: ERROR (no such process)', '1 *** Unknown syntax: foo', '0 No config updates to processes']);
  assert.match(log(host), /INFO waiting for web to stop\n\S+ \S+ WARN stopped: web \(terminated by SIGTERM\)\n/);
  host.file('/etc/supervisor/conf.d/new.conf', program('new', "sh -c 'echo hello; sleep 100'", 'stdout_logfile=/var/log/new.log'));
  assert.equal([say('reread'), say('update')], ['0 new: available', '0 new: added process group']);
  host.advance('3s');
  assert.is(sh.run('cat /var/log/new.log').stdout, 'hello\n');
  assert.equal([say('shutdown'), say('status')], ['0 Shut down', '4 unix:///var/run/supervisor.sock no such file']);
  assert.not.match(sh.run('ps -ef').stdout, /sleep/);
});

test('the power takes it along, and a wrong file is refused', () => {
  const host = started(program('web', '/bin/sleep 1000'));
  host.machine.powerOff();
  host.advance('10s');
  host.machine.powerOn();
  host.advance('5s');
  assert.is(host.sh.run('supervisorctl status').code, 4);
  host.file('/etc/supervisor/conf.d/all.conf', '[program:web]\nautostart=true\n');
  const { code, stderr } = host.sh.run('supervisord');
  assert.equal([code, stderr.split('\n')[0]], [2, "Error: program section program:web does not specify a command in section 'program:web'"]);
});

test.run();
