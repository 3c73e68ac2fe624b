// The small commands of a container's shell: lines as people write them, with what busybox 1.35 prints (standard output, then errors).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('workloads: text commands');

const printed: [line: string, output: string][] = [
  [
    String.raw`printf 'foo bar\nbar\nFoo 1\nfoobar\n' > /tmp/t; grep -c foo /tmp/t; grep -n foo /tmp/t; grep -vn o /tmp/t; grep -w foo /tmp/t; grep -io foo /tmp/t; grep -l foo /tmp/t /etc/group; grep -q foo /tmp/t; echo $?; grep -q zz /tmp/t; echo $?`,
    '2\n1:foo bar\n4:foobar\n2:bar\nfoo bar\nfoo\nFoo\nfoo\n/tmp/t\n0\n1\n',
  ],
  [
    String.raw`printf 'foo bar\nbar\nFoo 1\nfoobar\n' > /tmp/t; grep -A1 -n Foo /tmp/t; grep -B1 Foo /tmp/t; grep -C1 -n 1 /tmp/t; grep -x bar /tmp/t; grep -m1 foo /tmp/t; grep -e Foo -e 1 /tmp/t; grep -F 'o b' /tmp/t; grep -E '^(foo|bar)$' /tmp/t`,
    '3:Foo 1\n4-foobar\nbar\nFoo 1\n2-bar\n3:Foo 1\n4-foobar\nbar\nfoo bar\nFoo 1\nfoo bar\nbar\n',
  ],
  [
    String.raw`mkdir -p /tmp/g/d; echo a > /tmp/g/one; echo ab > /tmp/g/d/two; cd /tmp/g; grep -rl a . | sort; grep -rn b .; grep a one nope; echo $?`,
    './d/two\n./one\n./d/two:1:ab\none:a\n2\ngrep: nope: No such file or directory\n',
  ],
  [
    String.raw`echo 10.0.0.1 | grep -cE '^([0-9]{1,3}\.){3}[0-9]{1,3}$'; echo ab | grep -oE 'a|ab'; echo 'a{2}' | grep 'a{2}'; echo aa | grep -c 'a\{2\}'; echo 'a*b' | grep '*'; echo 'foo[1]' | grep '\[1\]'; echo '{"n":3}' | grep -o '"n":[0-9]*'`,
    '1\nab\na{2}\n1\na*b\nfoo[1]\n"n":3\n',
  ],
  [
    String.raw`echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac | grep -E '(a+)+b'; echo $?`,
    '1\n',
  ],
  [
    String.raw`echo "hello world" | sed 's/world/you/; s/h/H/'; seq 5 | sed -n '2,3p'; seq 3 | sed '$d'; seq 3 | sed '$!d'; seq 5 | sed '/2/,/4/d'; echo ab | sed -e 's/a/b/g' -e 's/b/c/'; seq 3 | sed 2q; seq 3 | sed -n '$='`,
    'Hello you\n2\n3\n1\n2\n3\n1\n5\ncb\n1\n2\n3\n',
  ],
  [
    String.raw`seq 4 | sed ':a;N;$!ba;s/\n/,/g'; seq 3 | sed '3!G;h;$!d'; echo a.b | sed -E 's/([a-z])\.([a-z])/\2.\1/'; echo /a/b | sed 's#/#_#g'; echo abc | sed 's/b*/x/g'; seq 2 | sed 'a x'; seq 2 | sed '1i\  x'; seq 3 | sed '2c x'; echo aXb | sed 'y/X/-/'`,
    '1,2,3,4\n3\nb.a\n_a_b\nxaxcx\n1\nx\n2\nx\n  x\n1\n2\n1\nx\n3\na-b\n',
  ],
  [
    String.raw`printf 'a=1\nb=2\n' > /tmp/c; sed -i 's/a=1/a=9/' /tmp/c; cat /tmp/c; sed -i.bak -e /b/d /tmp/c; cat /tmp/c /tmp/c.bak`,
    'a=9\nb=2\na=9\na=9\nb=2\n',
  ],
  [
    String.raw`seq 3 | sed k; seq 3 | sed 's/1'; seq 3 | sed 's/1/2/z'; seq 2 | sed 'b x'; sed p /nope`,
    'sed: unsupported command k\nsed: unmatched \'/\'\nsed: bad option in substitution expression\nsed: can\'t find label for jump to \'x\'\nsed: /nope: No such file or directory\n',
  ],
  [
    String.raw`echo 'a b c' | awk '{print $NF, $(NF-1), NF}'; echo '1 2' | awk '{s=$1+$2; print "sum", s}'; seq 3 | awk '{s+=$1} END {print s, NR, s/NR}'; awk -F: '$3 == 0 {print $1}' /etc/passwd | head -1; seq 5 | awk 'NR>=2 && NR<4 {print "l" $0}'`,
    'c b 3\nsum 3\n6 3 2\nroot\nl2\nl3\n',
  ],
  [
    String.raw`printf 'a 1\nb 2\na 3\n' | awk '{c[$1]+=$2} END {for (k in c) print k, c[k]}' | sort; printf 'a\na\nb\n' | awk '!seen[$0]++'; awk 'BEGIN{n=split("a,b,c",x,","); print n, x[1], x[3]; print 1==1.0, 10<9, "10"<"9"}'; seq 6 | awk '/2/,/4/'`,
    'a 4\nb 2\na\nb\n3 a c\n1 0 1\n2\n3\n4\n',
  ],
  [
    String.raw`awk 'BEGIN{printf "%s-%d-%05.2f|%-4s|%4s|%x|%c\n", "a", 3.7, 2.5, "l", "r", 255, "q"}'; echo 'hello world' | awk '{gsub(/o/,"0"); print; sub("h","H"); print length($0), toupper($1), substr($2,2,3), index($0,"w")}'; awk 'BEGIN{for(i=0;i<3;i++) s+=i; print s; exit 3}'; echo $?`,
    'a-3-02.50|l   |   r|ff|q\nhell0 w0rld\n11 HELL0 0rl 7\n3\n3\n',
  ],
  [
    String.raw`echo 'a:b' | awk -F: -v OFS=- '{print $1,$2; $1=$1; print}'; echo 5 | awk '{ if ($1 > 3) print "big"; else print "small" }'; awk 'BEGIN{while(i<3) print i++; print 1 " " -1, 1/3, 1234567.891}'; awk '{print $1'`,
    'a-b\na-b\nbig\n0\n1\n2\n1-1 0.333333 1.23457e+06\nawk: cmd. line:1: Unexpected token\n',
  ],
  [
    String.raw`echo a b c d e | xargs -n2; printf 'a\nb\n' | xargs -I{} echo x{}y {}; echo "a 'b c' d" | xargs -n1 echo; printf '' | xargs -r echo e; echo x | xargs false; echo $?; echo 1 | xargs nope; echo $?; seq 3 | xargs; echo a | xargs -t echo`,
    'a b\nc d\ne\nxay a\nxby b\na\nb c\nd\n123\n127\n1 2 3\na\nxargs: nope: No such file or directory\necho a\n',
  ],
  [
    String.raw`mkdir -p /tmp/f/d; echo x > /tmp/f/a; : > /tmp/f/d/b; cd /tmp/f; find . | sort; find . -maxdepth 1 -type f; find . -name b -exec echo got {} \;; find . -type f -empty; find . -name d -prune -o -type f -print; find . ! -type d | sort; find /nope; echo $?`,
    '.\n./a\n./d\n./d/b\n./a\ngot ./d/b\n./d/b\n./a\n./a\n./d/b\n1\nfind: /nope: No such file or directory\n',
  ],
  [
    String.raw`printf 'b 2\na 10\nc 1\n' > /tmp/s; sort /tmp/s; sort -k2 /tmp/s; sort -k2n /tmp/s; sort -k2,2nr /tmp/s; printf '10\n9\n2\n10\n' | sort -nu; printf 'b:1\na:0\n' | sort -t: -k2; printf 'b\na\n' | sort -c; echo $?`,
    'a 10\nb 2\nc 1\nc 1\na 10\nb 2\nc 1\nb 2\na 10\na 10\nb 2\nc 1\n2\n9\n10\na:0\nb:1\n1\nCheck line 1\n',
  ],
  [
    String.raw`printf 'a\na\nb\nc\nc\n' | uniq -d; printf 'a\na\nb\n' | uniq -u; printf 'a\nb\na\n' | sort | uniq -c | sort -rn | head -1`,
    'a\nc\nb\n      2 a\n',
  ],
  [
    String.raw`printf 'a:b:c\nxyz\n' > /tmp/u; cut -d: -f1,3 /tmp/u; cut -d: -f2- /tmp/u; cut -d: -s -f1 /tmp/u; cut -c1-2,3 /tmp/u; cut -f x /tmp/u; cut -c1 /nope; cut`,
    'a:c\nxyz\nb:c\nxyz\na\na:b\nxyz\ncut: invalid number \'x\'\ncut: /nope: No such file or directory\ncut: expected a list of bytes, characters, or fields\n',
  ],
  [
    String.raw`echo hello | tr -s l; echo hello | tr -cd 'l\n'; echo hello | tr '[:lower:]' '[:upper:]'; echo a-b | tr - _; echo hello | tr a-y b-z; echo abc | tr abc x; echo a1b2 | tr -dc 0-9; echo`,
    'helo\nll\nHELLO\na_b\nifmmp\nxxx\n12\n',
  ],
  [
    String.raw`printf 'a\nb\n' > /tmp/p; rev /tmp/t /tmp/p | head -1; tac /tmp/p; seq 4 | paste -d, - -; seq 3 | paste -sd+ -; printf 'abcdef\n' | fold -w 4; seq 2 | nl; head -c 3 /tmp/p; seq 5 | head -n -3; seq 5 | tail -n +4; yes | head -2; cat -A /tmp/p`,
    'rab oof\nb\na\n1,2\n3,4\n1+2+3\nabcd\nef\n     1\t1\n     2\t2\na\nb1\n2\n4\n5\ny\ny\na$\nb$\n',
  ],
  [
    String.raw`printf ab > /tmp/1; printf abc > /tmp/2; cmp /tmp/1 /tmp/2; echo $?; printf axc > /tmp/1; cmp /tmp/1 /tmp/2; cmp -s /tmp/2 /tmp/2; echo $?; wc -l /tmp/1 /tmp/2; echo abc | wc; seq -w 8 10; seq -s, 3; seq 1 0.5 2; seq 3 -1 2`,
    '1\n/tmp/1 /tmp/2 differ: char 2, line 1\n0\n        0 /tmp/1\n        0 /tmp/2\n        0 total\n        1         1         4\n08\n09\n10\n1,2,3\n1.0\n1.5\n2.0\n3\n2\ncmp: EOF on /tmp/1\n',
  ],
  [
    String.raw`echo a > /tmp/h; sha256sum /tmp/h; md5sum /tmp/h > /tmp/m; md5sum -c /tmp/m; echo b > /tmp/h; md5sum -c /tmp/m; echo $?`,
    '87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  /tmp/h\n/tmp/h: OK\n/tmp/h: FAILED\n1\nmd5sum: WARNING: 1 of 1 computed checksums did NOT match\n',
  ],
  [
    String.raw`date -d @86400 '+%j %A %B %y %I %p %R %D %u %k %F %T %s'; date -d '2024-01-02 03:04:05' +%s; date -I -d @0; date -R -d @0; date -d @0; date -d foo`,
    '002 Friday January 70 12 AM 00:00 01/02/70 5  0 1970-01-02 00:00:00 86400\n1704164645\n1970-01-01\nThu, 01 Jan 1970 00:00:00 +0000\nThu Jan  1 00:00:00 UTC 1970\ndate: invalid date \'foo\'\n',
  ],
  [
    String.raw`timeout 1 sleep 5; echo $?; timeout 5 echo hi; timeout 1 nope; echo $?; timeout -s KILL 1 sleep 3; echo $?; timeout 1 sh -c 'while true; do sleep 1; done'; echo $?; timeout 2 sh -c 'exit 4'; echo $?`,
    '143\nhi\n127\n137\n143\n4\nTerminated\ntimeout: can\'t execute \'nope\': No such file or directory\nKilled\nTerminated\n',
  ],
  [
    String.raw`basename /a/b.txt .txt; basename /a/b/; basename .txt .txt; basename -s .sh a.sh b.sh; basename /`,
    'b\nb\n.txt\na\nb\n/\n',
  ],
];

function box() {
  const cluster = createCluster({ nodes: 1 });
  cluster.kubectl.run(['run', 'box', '--image=busybox', '--', 'sleep', '100000']);
  cluster.advance('20s');
  return (line: string) => {
    const { stdout, stderr } = cluster.kubectl.run(['exec', 'box', '--', 'sh', '-c', line]);
    return stdout + stderr.replace(/command terminated with exit code \d+\n/, '');
  };
}

test('lines print what busybox prints', () => {
  const sh = box();
  for (const [line, output] of printed) assert.is(sh(line), output, line);
});

test('an option that is not known is named, and the usage follows', () => {
  const sh = box();
  assert.match(sh('grep --foo x'), /^grep: unrecognized option '--foo'\nBusyBox .*\n\nUsage: grep /);
  assert.match(sh('sort -Z'), /^sort: invalid option -- 'Z'\n/);
  assert.match(sh('cut -f'), /^cut: option requires an argument -- 'f'\n/);
  assert.is(sh('cd /etc; find -maxdepth 1 -name passwd'), './passwd\n');
  assert.match(sh('find . -foo'), /^find: unrecognized: -foo\n/);
});

test('scripts that never end and patterns that take long stop nobody', () => {
  const sh = box();
  assert.match(sh('timeout 2 awk "BEGIN { while (1) i++ }"; echo $?; echo a | timeout 2 sed ":x;bx"; echo $?'), /^143\n143\n/);
  assert.is(sh('head -c 20000 /dev/zero | tr "\\0" a | grep -cE "(a*)*(a|aa)+b"; echo $?'), '0\n1\n');
  assert.is(sh('head -c 16 /dev/urandom | wc -c; tr -dc a-z < /etc/passwd | head -c 3 | wc -c'), '16\n3\n');
});

test.run();
