import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';
import { InvalidReference, parseReference } from '../../../lib/workloads/index.ts';

export const references: FunctionExercise = {
  id: 'images-1',
  title: '이미지 이름 해부',
  kind: 'function',
  checks: [
    {
      name: '짧은 이름을 채운다',
      points: 2,
      hint: '레지스트리가 없으면 docker.io다. docker.io에서 /가 하나도 없는 이름은 library/ 아래에 있다. 태그도 다이제스트도 없으면 latest다.',
      inputs: (random) => [['nginx'], ['nginx:1.27'], ['bruzn/php-apache'], ['bruzn/php-apache:v2'], ...Array.from({ length: 10 }, () => [random.pick(['', `${word(random)}/`]) + word(random) + random.pick(['', `:${version(random)}`])])],
      expected,
    },
    {
      name: '레지스트리를 알아본다',
      points: 2,
      hint: '첫 마디에 점이나 콜론이 있거나 첫 마디가 localhost이면 레지스트리다. 포트의 콜론과 태그의 콜론을 헷갈리지 않는다: 태그는 마지막 / 뒤에 있다.',
      inputs: (random) => [['registry.k8s.io/pause:3.10'], ['localhost:5000/app'], ['localhost/app:1'], ['quay.io/coreos/etcd'], ['docker.io/nginx'], ...Array.from({ length: 12 }, () => [`${host(random)}/${random.pick(['', `${word(random)}/`])}${word(random)}${random.pick(['', `:${version(random)}`])}`])],
      expected,
    },
    {
      name: '다이제스트를 뗀다',
      points: 1,
      hint: '@ 뒤가 다이제스트다. 다이제스트가 있으면 태그는 적힌 대로이고, 적혀 있지 않으면 null이다.',
      inputs: (random) => [[`nginx@${digest(random)}`], [`nginx:1.27@${digest(random)}`], [`localhost:5000/app@${digest(random)}`], ...Array.from({ length: 6 }, () => [`${random.pick(['', `${host(random)}/`])}${word(random)}${random.pick(['', `:${version(random)}`])}@${digest(random)}`])],
      expected,
    },
    {
      name: '이름이 아닌 것을 가려낸다',
      points: 1,
      hint: '저장소 이름은 소문자, 숫자, 그리고 사이에 낀 . _ - / 뿐이다. 태그는 글자나 숫자나 _로 시작한다.',
      inputs: () => [['Nginx'], ['bruzn/PHP'], ['nginx:'], ['nginx:1.27:2'], [''], ['/nginx'], ['bruzn//app'], ['nginx:-1'], ['ng inx'], ['nginx@sha256:abc'], ['-nginx'], ['nginx'], ['a.b/c']],
      expected,
    },
  ],
};

function expected(name: string): { registry: string; repository: string; tag: string | null; digest: string | null } | null {
  try {
    const { domain, path, tag, digest } = parseReference(name);
    return { registry: domain, repository: path, tag: tag ?? (digest ? null : 'latest'), digest: digest ?? null };
  } catch (error) {
    if (error instanceof InvalidReference) return null;
    throw error;
  }
}

const word = (random: Random) => random.pick(['web', 'php-apache', 'api_server', 'my.app', 'redis', 'bruzn', 'lab2020']);
const version = (random: Random) => random.pick(['1', 'v1.2.3', '1.27-alpine', 'latest', '2020-07-20', '_x']);
const host = (random: Random) => random.pick(['quay.io', 'registry.k8s.io', 'gcr.io', 'localhost:5000', 'registry.example.com:8443', 'localhost', 'lab:5000']);
const digest = (random: Random) => `sha256:${Array.from({ length: 64 }, () => random.pick([...'0123456789abcdef'])).join('')}`;
