// Docker on a host of one's own: images, builds, registries.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DockerHost, type HostOptions } from '../../lib/index.ts';

const test = suite('docker: images');
const host = (options?: HostOptions) => {
  const lab = createHost(options);
  return Object.assign(lab, { run: (line: string) => lab.sh.run(line) });
};
const printed = (lab: DockerHost, line: string) => lab.sh.run(line).printed;
const received = (lab: DockerHost) => lab.machine.received;

const phpApache = { Dockerfile: 'FROM php:5-apache\nADD index.php /var/www/html/index.php\nRUN chmod a+rx index.php\n', 'index.php': '<?php\n  echo "OK!";\n?>\n' };
function withFiles(lab: DockerHost, files: Record<string, string>, folder = 'app') {
  for (const [path, text] of Object.entries(files)) lab.file(`${folder}/${path}`, text);
}

test('the dot: what docker build says without it, then and now', () => {
  const [now, then] = [host(), host({ os: 'ubuntu-20.04' })].map((lab) => lab.run('docker build --tag bruzn/php-apache'));
  assert.is(now!.stderr, "ERROR: docker: 'docker buildx build' requires 1 argument\n\nUsage:  docker buildx build [OPTIONS] PATH | URL | -\n\nRun 'docker buildx build --help' for more information\n");
  assert.is(then!.stderr, '"docker build" requires exactly 1 argument.\nSee \'docker build --help\'.\n\nUsage:  docker build [OPTIONS] PATH | URL | -\n\nBuild an image from a Dockerfile\n');
  assert.equal([now!.code, then!.code], [1, 1]);
});

test('an image is built, run and answers', () => {
  const lab = host();
  withFiles(lab, phpApache);
  assert.is(lab.run('docker build --tag bruzn/php-apache app').code, 0);
  assert.is(lab.run('docker run -d --name web -p 8080:80 bruzn/php-apache').code, 0);
  assert.is(printed(lab, 'curl -s localhost:8080'), 'OK!');
  assert.is(printed(lab, 'docker exec web ls -l /var/www/html').split('\n')[1]!.slice(0, 10), '-rwxr-xr-x');
  assert.match(lab.run('docker run -d -p 8080:80 nginx').stderr, /Bind for 0\.0\.0\.0:8080 failed: port is already allocated/);
});

test('a step whose ground did not change comes from the cache; what follows a change does not', () => {
  const lab = host();
  withFiles(lab, { Dockerfile: 'FROM alpine\nRUN echo slow > /slow\nCOPY app.txt /\nRUN cat /app.txt > /copy\n', 'app.txt': 'one' });
  const cached = () => printed(lab, 'docker build -t app app').split('\n').filter((line) => /\[\d\/4\]/.test(line)).map((line) => line.includes('CACHED'));
  assert.equal(cached(), [false, false, false, false]);
  const first = printed(lab, 'docker images -q app');
  assert.equal(cached(), [false, true, true, true]);
  assert.is(printed(lab, 'docker images -q app'), first, 'the same image');
  lab.file('app/app.txt', 'two');
  assert.equal(cached(), [false, true, false, false]);
  assert.is(printed(lab, 'docker run --rm app cat /copy'), 'two');
});

test('what a later layer deletes is gone from the view and still in the image', () => {
  const lab = host();
  withFiles(lab, { Dockerfile: 'FROM busybox\nCOPY big /big\nRUN rm /big\n' });
  lab.run('truncate -s 30M app/big');
  lab.run('docker build -t app app');
  assert.is(lab.run('docker run --rm app ls /big').code, 1);
  assert.match(printed(lab, 'docker images app'), /35\.7MB/);
});

test('only the layers that are missing are downloaded', () => {
  const [maker, user] = [host(), host()];
  Object.defineProperty(user, 'registries', { value: maker.registries });
  const lab = maker;
  lab.run('echo dckr_pat_bruzn | docker login -u bruzn --password-stdin');
  withFiles(lab, { Dockerfile: 'FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/\n', 'index.html': 'v1' });
  lab.run('docker build -t bruzn/site:1 app');
  lab.run('docker push bruzn/site:1');
  lab.run('docker rmi bruzn/site:1');
  lab.file('app/index.html', 'v2');
  lab.run('docker build -t bruzn/site:2 app');
  lab.run('docker push bruzn/site:2');
  lab.run('docker rmi bruzn/site:2');
  lab.run('docker pull bruzn/site:1');
  const before = received(lab);
  const text = printed(lab, 'docker pull bruzn/site:2');
  assert.is(text.match(/Already exists/g)?.length, 4);
  assert.is(text.match(/Pull complete/g)?.length, 1);
  assert.ok(received(lab) - before < 1000, `${received(lab) - before} bytes`);
});

test('push: to one\'s own name space, to somebody else\'s, to a private registry', () => {
  const lab = host();
  lab.run('docker pull busybox');
  for (const name of ['bruzn/box', 'library/box', 'registry.example.com/box']) lab.run(`docker tag busybox ${name}`);
  assert.match(printed(lab, 'docker push bruzn/box'), /denied: requested access to the resource is denied\n$/);
  assert.is(lab.run('docker login -u bruzn -p wrong').stderr.split('\n')[1], 'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password');
  assert.is(lab.run('echo dckr_pat_bruzn | docker login -u bruzn --password-stdin').stdout, 'Login Succeeded\n');
  assert.match(printed(lab, 'docker push bruzn/box'), /Mounted from library\/busybox\nlatest: digest: sha256:/);
  assert.match(printed(lab, 'docker push bruzn/box'), /Layer already exists/);
  assert.match(printed(lab, 'docker push library/box'), /denied: requested/);
  assert.match(printed(lab, 'docker push registry.example.com/box'), /no basic auth credentials\n$/);
  lab.run('docker login -u student -p kubook registry.example.com');
  assert.is(lab.run('docker push registry.example.com/box').code, 0);
  lab.run('docker logout registry.example.com');
  lab.run('docker rmi registry.example.com/box');
  assert.match(printed(lab, 'docker pull registry.example.com/box'), /no basic auth credentials/);
});

test('one image under two names: one id, removed with the last', () => {
  const lab = host();
  lab.run('docker pull busybox');
  lab.run('docker tag busybox mine:1');
  assert.is(new Set(printed(lab, 'docker images --format {{.ID}}').trim().split('\n')).size, 1);
  assert.is(printed(lab, 'docker rmi busybox'), 'Untagged: busybox:latest\n');
  assert.match(printed(lab, 'docker rmi mine:1'), /^Untagged: mine:1\nDeleted: sha256:/);
});

test('errors of a build, now', () => {
  const lab = host();
  const failure = (dockerfile: string) => {
    lab.file('app/Dockerfile', dockerfile);
    const { code, stderr } = lab.run('docker build app');
    assert.is(code, 1);
    return stderr.trimEnd().split('\n').at(-1)!.replace(/ref \w{25}::\w{25}/, 'ref REF');
  };
  assert.is(failure('FROM busybox\nCOPY ../secret /\n'), 'ERROR: failed to build: failed to solve: failed to compute cache key: failed to calculate checksum of ref REF: "/secret": not found');
  assert.is(failure('FROM busybox\nRUNN echo\n'), 'ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)');
  assert.is(failure('FROM busybox\nRUN exit 3\n'), 'ERROR: failed to build: failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3');
  assert.is(failure('FROM nosuch\n'), 'ERROR: failed to build: failed to solve: nosuch: failed to resolve source metadata for docker.io/library/nosuch:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed');
  assert.is(failure('# nothing\n'), 'ERROR: failed to build: failed to solve: the Dockerfile cannot be empty');
  assert.is(lab.run('docker build nowhere').stderr, 'ERROR: unable to prepare context: path "nowhere" not found\n');
  assert.match(lab.run('docker build .').stderr, /failed to read dockerfile: open Dockerfile: no such file or directory\n$/);
});

test('errors of a build, then', () => {
  const lab = host({ os: 'ubuntu-20.04' });
  const failure = (dockerfile: string) => {
    lab.file('app/Dockerfile', dockerfile);
    return lab.run('docker build app').stderr.trimEnd();
  };
  assert.is(failure('FROM busybox\nCOPY ../secret /\n'), 'COPY failed: forbidden path outside the build context: ../secret ()');
  assert.is(failure('FROM busybox\nCOPY secret /\n'), 'COPY failed: file not found in build context or excluded by .dockerignore: stat secret: file does not exist');
  assert.is(failure('FROM busybox\nRUN exit 3\n'), "The command '/bin/sh -c exit 3' returned a non-zero code: 3");
  assert.is(lab.run('docker build .').stderr, 'unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /root/Dockerfile: no such file or directory\n');
});

test('stages: only what the last one needs is built, and only its files are in the image', () => {
  const lab = host();
  withFiles(lab, { Dockerfile: 'ARG BASE=alpine\nFROM $BASE AS build\nARG NAME=world\nRUN echo "hello $NAME" > /out\nFROM busybox AS unused\nRUN exit 1\nFROM busybox\nENV GREETING=/greeting\nWORKDIR /srv\nCOPY --from=build --chown=nobody /out ${GREETING}\nUSER nobody\nENTRYPOINT ["cat"]\nCMD ["/greeting"]\n' });
  const text = printed(lab, 'docker build -t app --build-arg NAME=kubook app');
  assert.match(text, /\[build 2\/2\] RUN echo/);
  assert.match(text, /\[stage-2 3\/3\] COPY --from=build/);
  assert.not.match(text, /unused/);
  assert.is(printed(lab, 'docker run --rm app'), 'hello kubook\n');
  assert.is(printed(lab, 'docker run --rm --entrypoint sh app -c "pwd; id -u; stat -c %U /greeting"'), '/srv\n65534\nnobody\n');
  assert.is(lab.run('docker build --target unused app').code, 1);
});

test('the context: .dockerignore, patterns, directories', () => {
  const lab = host();
  withFiles(lab, { Dockerfile: 'FROM busybox\nCOPY . /all/\nCOPY *.txt /text/\n', '.dockerignore': '# secrets\n*.key\nlogs\n!logs/keep.log\n', 'a.txt': 'a', 'b.txt': 'b', 'id.key': 'k', 'logs/x.log': 'x', 'logs/keep.log': 'y', 'sub/c.txt': 'c' });
  assert.is(lab.run('docker build -t app app').code, 0);
  assert.is(printed(lab, 'docker run --rm app find /all /text -type f'), ['/all/.dockerignore', '/all/Dockerfile', '/all/a.txt', '/all/b.txt', '/all/logs/keep.log', '/all/sub/c.txt', '/text/a.txt', '/text/b.txt', ''].join('\n'));
});

test.run();
