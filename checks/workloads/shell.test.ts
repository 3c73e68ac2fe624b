// The small shell, run as `kubectl exec` runs it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine, file, type Network } from '../../lib/machine/index.ts';
import { Clock, createRandom } from '../../lib/sim/index.ts';
import { createRuntime } from '../../lib/workloads/index.ts';

const page = { status: 200, body: 'hello\n' };
const network: Network = {
  problem: () => undefined,
  attach: () => '10.244.0.2',
  detach: () => {},
  query: ({ name, type }) => (name === 'web.default.svc.cluster.local' ? { rcode: 'NOERROR', records: type === 'A' ? [{ name, type, ttl: 30, data: '10.96.0.7' }] : [] } : { rcode: 'NXDOMAIN', records: [] }),
  dial: (_, host, port) => (host === '10.96.0.7' ? { ip: '10.244.0.9', port, listener: () => page } : { ip: '', port, error: host === '10.0.0.9' ? 'refused' : host === '10.0.0.8' ? 'timeout' : 'no-such-host' }),
};

const resolver = file('search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');

/** A running busybox container. */
function container(command = ['sleep', '1000']) {
  const clock = new Clock();
  const machine = createMachine({ name: 'node-1', clock });
  const runtime = createRuntime({ machine, network, random: createRandom(1), sandboxDuration: () => 0 });
  runtime.imageService.load('busybox:1.36');
  runtime.runSandbox({ uid: 'u', name: 'box', namespace: 'default', hostname: 'box', hostNetwork: false, attempt: 0 });
  clock.runDue();
  const record = runtime.createContainer('u', { name: 'a', image: runtime.image('busybox:1.36')!, attempt: 0, command, env: () => ({ COLOR: 'blue' }), mounts: () => [{ path: '/etc/resolv.conf', file: true, source: () => resolver }] });
  runtime.startContainer(record.id);
  const advance = (ms: number) => {
    for (const end = clock.now + ms; clock.now < end; clock.runDue()) clock.now = Math.min(clock.next() ?? end, end);
  };
  return { clock, runtime, record, advance, sh: (script: string) => runtime.exec(record.id, ['sh', '-c', script]) };
}

const test = suite('workloads: shell');
const out = (script: string) => container().sh(script).stdout;

test('words, quotes and expansions', () => {
  assert.is(out('a=1; echo "$a"$a \'$a\' \\$a ${b:-none} ${#COLOR} $COLOR'), '11 $a $a none 4 blue\n');
  assert.is(out('for i in a "b c"; do echo "<$i>"; done'), '<a>\n<b c>\n');
  assert.is(out('x="a b"; for i in $x; do echo $i; done'), 'a\nb\n');
  assert.is(out('f=/tmp/app.tar.gz; echo ${f##*/} ${f%.gz}'), 'app.tar.gz /tmp/app.tar\n');
  assert.is(out('echo $((2 + 3 * (4 - 1))) $(echo inner)'), '11 inner\n');
});

test('lists, conditions and loops', () => {
  assert.is(out('false && echo no || echo yes'), 'yes\n');
  assert.is(out('i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done'), '1\n3\n');
  assert.is(out('if [ -f /etc/hostname ]; then echo file; elif true; then echo other; fi'), 'file\n');
  assert.is(out('case abc in x) echo x;; a*) echo a;; esac'), 'a\n');
  assert.is(out('greet() { echo "hi $1"; }; greet you'), 'hi you\n');
  assert.is(out('(exit 3); echo $?'), '3\n');
});

test('devices, pipes and sockets', () => {
  assert.is(out('cd /tmp; mknod disk b 89 1; mknod line c 89 1; mkfifo pipe; nc -lU door & ls -l | tail -n 4 | cut -c1-10'), 'brw-r--r--\nsrwxr-xr-x\ncrw-r--r--\nprw-r--r--\n');
  const { stderr, exitCode } = container().sh('mknod /dev/null c 1 3; mknod /tmp/x c; mkdir /d; nc -lU /d');
  assert.equal([stderr.split('\n')[0], exitCode], ['mknod: /dev/null: File exists', 1]);
  assert.match(stderr, /\nUsage: mknod .*\nnc: Address already in use\n$/);
});

test('files, redirections and pipes', () => {
  assert.is(out('echo one > /tmp/f; echo two >> /tmp/f; cat /tmp/f | grep -c o'), '2\n');
  assert.is(out('mkdir /data; touch /data/a /data/b; ls /data; rm /data/a; ls /data'), 'a\nb\nb\n');
  assert.is(out('cat < /etc/hostname; cd /tmp && pwd'), 'box\n/tmp\n');
  assert.is(out('printf "b\\na\\nb\\n" | sort | uniq -c'), '      1 a\n      2 b\n');
  const { stdout, stderr, exitCode } = container().sh('ls /nope 2>&1; cat /nope');
  assert.equal([stdout, stderr, exitCode], ['ls: /nope: No such file or directory\n', "cat: can't open '/nope': No such file or directory\n", 1]);
});

test('exit status, unknown commands, errors of syntax', () => {
  assert.is(container().sh('exit 7').exitCode, 7);
  const unknown = container().sh('frobnicate');
  assert.equal([unknown.stderr, unknown.exitCode], ['sh: frobnicate: not found\n', 127]);
  assert.match(container().sh('if true; then').stderr, /^sh: syntax error/);
  const { runtime, record } = container();
  assert.match(runtime.exec(record.id, ['frobnicate']).error!, /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "frobnicate": executable file not found in \$PATH$/);
});

test('time passes only in what it says', () => {
  assert.is(container().sh('sleep 5; sleep 0.5').took, 5_500);
  assert.is(container().sh('while true; do :; done').exitCode, 130);
});

test('the network in the words of wget, curl and nslookup', () => {
  assert.is(out('wget -qO- http://web'), 'hello\n');
  assert.is(container().sh('wget -qO- nowhere').stderr, "wget: bad address 'nowhere'\n");
  assert.is(container().sh('wget -qO- 10.0.0.9:81').stderr, "wget: can't connect to remote host (): Connection refused\n");
  const late = container().sh('wget -q -T 3 -O- 10.0.0.8');
  assert.equal([late.stderr, late.took], ['wget: download timed out\n', 3_000]);
  assert.is(out('curl -s -o /dev/null -w "%{http_code}\\n" web'), '200\n');
  assert.is(container().sh('curl nowhere').stderr, 'curl: (6) Could not resolve host: nowhere\n');
  assert.is(out('nslookup web'), 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.0.7\n\n');
});

test('nc says whether somebody listens, and prints what answers', () => {
  assert.equal([container().sh('nc -zv web 80').stderr, container().sh('nc -zv web 80').exitCode], ['Connection to web 80 port [tcp/*] succeeded!\n', 0]);
  const late = container().sh('nc -zv -w 2 10.0.0.8 80');
  assert.equal([late.stderr, late.exitCode, late.took], ['nc: connect to 10.0.0.8 port 80 (tcp) failed: Operation timed out\n', 1, 2_000]);
  assert.match(out("printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc web 80"), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhello\n$/s);
});

test('a script as the main process logs as time goes and ends with its status', () => {
  const c = container(['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 10; done; exit 4']);
  c.advance(15_000);
  assert.is(c.runtime.logs(c.record.id), '1\n2\n');
  assert.is(c.runtime.logs(c.record.id, { tailLines: 1, timestamps: true }), '2026-01-01T00:00:10.000000000Z 2\n');
  c.advance(20_000);
  assert.equal([c.record.state, c.record.exitCode, c.record.reason], ['exited', 4, 'Error']);
});

test('commands in the background go on beside the others', () => {
  const c = container(['sh', '-c', '(sleep 5; echo later) & echo now; wait; echo end']);
  c.advance(1_000);
  assert.is(c.runtime.logs(c.record.id), 'now\n');
  c.advance(6_000);
  assert.is(c.runtime.logs(c.record.id), 'now\nlater\nend\n');
});

test('tail -f prints what is added', () => {
  const { advance, runtime, record } = container(['sh', '-c', 'echo a > /tmp/log; tail -f /tmp/log']);
  runtime.exec(record.id, ['sh', '-c', 'echo b >> /tmp/log']);
  advance(2000);
  runtime.exec(record.id, ['sh', '-c', 'echo c >> /tmp/log']);
  advance(2000);
  assert.is(runtime.logs(record.id), 'a\nb\nc\n');
});

test('a pipe is read while it is written', () => {
  const { sh } = container();
  const forever = 'i=0; while true; do i=$((i+1)); echo line $i; sleep 1; done';
  assert.is(out('while true; do echo x; done | head -3; yes | head -n 2'), 'x\nx\nx\ny\ny\n');
  const third = sh(`${forever} | grep 3 | head -n 2`);
  assert.equal([third.stdout, third.took], ['line 3\nline 13\n', 22_000], 'grep ends with the first line that nobody reads');
  assert.is(out(`${forever} | grep -m1 4; ${forever} | grep -q 2; echo $?`), 'line 4\n0\n');
  assert.is(out('(echo a; sleep 2; echo b) | while read x; do echo got $x; sleep 1; done | sed s/got/has/ | cat'), 'has a\nhas b\n');
  assert.is(out('(echo b; sleep 1; echo a) | sort; (sleep 1; echo x) | (read y; echo $y); (sleep 1; echo z) | xargs echo'), 'a\nb\nx\nz\n');
  assert.is(sh('sleep 5 | echo hi').took, 5000);
  const { advance, runtime, record } = container(['sh', '-c', `${forever} | awk '/[02468]$/ {print $2}'`]);
  advance(4500);
  assert.is(runtime.logs(record.id), '2\n4\n');
});

test('exec turns the streams of the rest of a script', () => {
  assert.is(out('(exec > /tmp/log 2>&1; echo a; nothing); sh -c "exec > /tmp/b; echo b"; cat /tmp/log /tmp/b'), 'a\nsh: nothing: not found\nb\n');
  assert.is(out('exec 3>&1; exec > /tmp/log; echo a; echo b >&3; exec >&3 3>&-; cat /tmp/log'), 'b\na\n');
  assert.is(out('printf "1\n2\n3\n" > /tmp/in; exec < /tmp/in; read a; read b; echo $a $b; cat'), '1 2\n3\n');
});

// As busybox and dash print it.
test('getopts and diff', () => {
  assert.is(out('set -- -a -b val -cd rest; while getopts "ab:cd" o; do echo "$o=$OPTARG $OPTIND"; done; shift $((OPTIND-1)); echo "$@"'), 'a= 2\nb=val 4\nc= 5\nd= 5\nrest\n');
  assert.is(out('set -- -x -b; while getopts ":ab:" o; do echo "$o=$OPTARG"; done'), '?=x\n:=b\n');
  assert.is(container().sh('getopts ab o -x; echo $o').stderr, 'Illegal option -x\n');
  const { sh } = container();
  sh('printf "a\nb\nc\n" > x; printf "a\nB\nc\nd\n" > y; : > e');
  assert.equal([sh('diff x y').stdout, sh('diff x y').exitCode, sh('diff x x').exitCode], ['--- x\n+++ y\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n', 1, 0]);
  assert.is(sh('diff -U0 e y | tail -n +3; diff -q x y; diff -i x y | tail -n 2').stdout, '@@ -0,0 +1,4 @@\n+a\n+B\n+c\n+d\nFiles x and y differ\n c\n+d\n');
  assert.equal([sh('diff x nope').stderr, sh('diff x nope').exitCode], ["diff: can't stat 'nope': No such file or directory\n", 2]);
});

test('here-documents, and the streams of a loop', () => {
  assert.is(out('cat <<EOF > /tmp/f\nline 1: $COLOR "q" \\$COLOR\n  EOF\nEOF\ncat /tmp/f; echo end'), 'line 1: blue "q" $COLOR\n  EOF\nend\n');
  assert.is(out("cat <<'EOF' | sed s/a/b/\na $COLOR $(date)\nEOF"), 'b $COLOR $(date)\n');
  assert.is(out('if true; then\n\tcat <<-END\n\t\tin $((1 + 1))\n\tEND\nfi'), 'in 2\n');
  assert.is(out('cat <<A; cat <<B\n1\nA\n2\nB'), '1\n2\n');
  assert.is(out('while read a b; do echo "$b $a"; done <<EOF\n1 2\n3 4\nEOF'), '2 1\n4 3\n');
  assert.is(out("printf 'a:b c:d\\n\\n  x \\ny' | while IFS=: read -r p q; do echo \"$p,$q.\"; done"), 'a,b c:d.\n,.\n  x ,.\n');
  assert.is(out('for i in 1 2; do echo $i; done > /tmp/g; while read n; do echo "<$n>"; done < /tmp/g'), '<1>\n<2>\n');
});

test('dd without a count goes on until it is stopped', () => {
  const { record, advance, sh } = container(['dd', 'if=/dev/zero', 'of=/dev/null']);
  advance(60_000);
  assert.is(record.state, 'running');
  assert.match(sh('dd if=/dev/zero of=/dev/null bs=1k count=2').stderr, '2+0 records in');
});

test('what busybox prints', () => {
  const lines: [script: string, output: string][] = [
    ['echo $((1<<4)) $((x+=2)) $x $((x++)) $x $((1?2:3)) $((0x1f)) $((017)) $((2#101))', '16 2 2 2 3 2 31 15 5\n'],
    ["printf '%s-%d\\n' a 1 b 2; printf '%05d|%-5s|%x|%+d|%.2s|%5.1f\\n' 42 ab 255 5 abc 3.14159", 'a-1\nb-2\n00042|ab   |ff|+5|ab|  3.1\n'],
    ['set -- a b c; echo $# $1 $3; shift; echo $*; for i in "$@"; do echo "<$i>"; done; set --; for i in "$@"; do echo no; done', '3 a c\nb c\n<b>\n<c>\n'],
    ['x=hello; echo ${x:1:3} ${x:2} ${x/l/L} ${x//l/L} ${1:-none} ${nope:-\'a b\'}', 'ell llo heLlo heLLo none a b\n'],
    ['IFS=:; x=a:b::c; set -- $x; echo "$# $2"', '4 b\n'],
    ["nl=$'a\\tb'; echo \"$nl\"; function g { local y=1; echo g$y; }; y=0; g; echo $y", 'a\tb\ng1\n0\n'],
    ["trap 'echo bye' EXIT; echo hi; (exit 3); x=$(false); echo $?", 'hi\n1\nbye\n'],
    ['echo 5 | read v; echo "[$v]"; echo `echo \\`echo deep\\``; cd /tmp; cd /; cd -; echo ~', '[]\ndeep\n/tmp\n/root\n'],
    ['type echo; command -v nope || echo missing; [ 2 \\< 3 ] && echo less; umask', 'echo is a shell builtin\nmissing\nless\n0022\n'],
    ['(sleep 2; echo late) & sleep 1 & wait; echo all', 'late\nall\n'],
    ['exec 3>/tmp/x; echo on', 'on\n'],
  ];
  for (const [script, output] of lines) assert.is(out(script), output, script);
  const { stdout, stderr, exitCode } = container().sh('set -u; echo "$nope"; echo after');
  assert.equal([stdout, stderr, exitCode], ['', 'sh: nope: parameter not set\n', 2]);
  assert.is(container().sh('[ 1 -eq a ]; echo $?').stderr, 'sh: a: bad number\n');
});

test.run();
