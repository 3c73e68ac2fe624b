// Containers of a host: what they see, what they leave behind, what their limits do.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type HostOptions } from '../../lib/index.ts';

const test = suite('docker: containers');
function host(options?: HostOptions) {
  const lab = createHost(options);
  return { ...lab, run: (line: string) => lab.sh.run(line), text: (line: string) => lab.sh.run(line).printed };
}

test('two containers: each is process 1, has its own name and files; one kernel', () => {
  const { run, text } = host();
  for (const name of ['a', 'b']) run(`docker run -d --name ${name} busybox sleep 1d`);
  for (const name of ['a', 'b']) assert.match(text(`docker exec ${name} ps`), /^ +1 root +0:00 sleep 1d$/m);
  assert.is(text('docker exec a uname -r'), text('uname -r'));
  assert.is.not(text('docker exec a hostname'), text('docker exec b hostname'));
  run('docker exec a rm -r /etc');
  assert.is(run('docker exec a ls /etc/passwd').code, 1);
  assert.is(run('docker exec b ls /etc/passwd').code, 0);
  const pid = text('docker inspect -f {{.State.Pid}} a').trim();
  assert.match(text('ps -eo pid,args'), new RegExp(`^ *${pid} sleep 1d$`, 'm'));
  assert.is(text(`readlink /proc/${pid}/ns/pid`), text('docker exec a readlink /proc/1/ns/pid'));
  assert.is.not(text('readlink /proc/1/ns/pid'), text('docker exec a readlink /proc/1/ns/pid'));
  assert.is(text('readlink /proc/1/ns/user'), text('docker exec a readlink /proc/1/ns/user'));
});

test('a container ends with its process, and as it does', () => {
  const { run, text } = host();
  run('docker run --name ok busybox true');
  assert.is(run('docker run --name three busybox sh -c "exit 3"').code, 3);
  run('docker run -d --name killed busybox sleep 1d');
  run('docker kill killed');
  const code = (name: string) => text(`docker inspect -f {{.State.ExitCode}} ${name}`).trim();
  assert.equal(['ok', 'three', 'killed'].map(code), ['0', '3', '137']);
  assert.is(run('docker run busybox nosuch').code, 127);
});

test('what is written lies in the container and not in the image; a restart keeps it, a new container does not', () => {
  const { run, text } = host();
  run('docker run -d --name a busybox sleep 1d');
  run('docker exec a sh -c "echo hi > /note"');
  assert.is(text('docker diff a'), 'A /note\n');
  run('docker restart a -t 0');
  assert.is(text('docker exec a cat /note'), 'hi\n');
  run('docker run -d --name b busybox sleep 1d');
  assert.is(run('docker exec b cat /note').code, 1);
  run('docker commit a noted:1');
  assert.is(text('docker run --rm noted:1 cat /note'), 'hi\n');
});

for (const os of ['ubuntu-24.04', 'ubuntu-20.04'] as const) {
  test(`limits on ${os}: the files of the control group, throttling, the OOM killer`, () => {
    const { run, text, advance } = host({ os });
    const v2 = os === 'ubuntu-24.04';
    run('docker run -d --name calm -m 64m --cpus 0.5 busybox sleep 1d');
    assert.is(text(v2 ? 'docker exec calm cat /sys/fs/cgroup/memory.max' : 'docker exec calm cat /sys/fs/cgroup/memory/memory.limit_in_bytes'), '67108864\n');
    assert.is(text(v2 ? 'docker exec calm cat /sys/fs/cgroup/cpu.max' : 'docker exec calm cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us'), v2 ? '50000 100000\n' : '50000\n');
    assert.match(text('docker exec calm cat /proc/1/cgroup'), v2 ? /^0::\/$/m : /^7:memory:\/docker\/[0-9a-f]{64}$/m);
    run('docker run -d --name busy --cpus 0.5 polinux/stress stress --cpu 2');
    advance('10s');
    const stat = text(v2 ? 'docker exec busy cat /sys/fs/cgroup/cpu.stat' : 'docker exec busy cat /sys/fs/cgroup/cpu/cpu.stat');
    assert.match(stat, /nr_periods 100\nnr_throttled 100\n/);
    assert.match(stat, v2 ? /throttled_usec 15000000/ : /throttled_time 15000000000/);
    assert.match(text('docker stats --no-stream busy'), / 50\.00% /);
    run('docker run -d --name hog -m 100m polinux/stress stress --vm 1 --vm-bytes 250M');
    advance('5s');
    assert.is(text('docker inspect -f "{{.State.OOMKilled}} {{.State.ExitCode}}" hog'), 'true 137\n');
  });
}

test('a volume is the host\'s directory', () => {
  const { run, text } = host();
  run('docker run --rm -v /data:/in busybox sh -c "echo hi > /in/note"');
  assert.is(text('cat /data/note'), 'hi\n');
  assert.match(text('docker run --rm -v /data:/in:ro busybox sh -c "echo no > /in/note"'), /Read-only file system/);
});

test('unshare: one namespace at a time, without a container', () => {
  const { text } = host();
  assert.is(text("unshare --uts sh -c 'hostname inside; hostname'; hostname"), 'inside\nlab\n');
  assert.match(text('unshare --fork --pid --mount-proc ps'), /^ +PID TTY.*\n +1 \? +00:00:00 ps\n$/);
  assert.match(text('unshare --net ip addr'), /^1: lo: <LOOPBACK> .*state DOWN/);
  assert.match(text('ip addr'), /eth0/);
});

test('names, ports and ids: what clashes', () => {
  const { run } = host();
  run('docker run -d --name web -p 80:80 nginx');
  assert.match(run('docker run -d --name web nginx').stderr, /^docker: Error response from daemon: Conflict\. The container name "\/web" is already in use by container "[0-9a-f]{64}"/);
  assert.is(run('docker run -d --name other -p 80:80 nginx').code, 125);
  assert.match(run('docker rm web').stderr, /cannot remove container "web": container is running/);
  assert.match(run('docker rmi nginx').stderr, /conflict: unable to remove repository reference "nginx:latest"/);
  assert.is(run('docker stop nosuch').stderr, 'Error response from daemon: No such container: nosuch\n');
  assert.is(run('docker rm -f web').stdout, 'web\n');
});

test.run();
