import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** A token, its age in minutes, and the TTL that it was made with, as kubeadm is told it. */
type Shown = [token: string, minutes: number, ttl: string];

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = (random: Random, length: number) => Array.from({ length }, () => letters[random.int(letters.length)]).join('');
const tokenOf = (random: Random) => `${word(random, 6)}.${word(random, 16)}`;

function malformed(random: Random): string[] {
  const good = tokenOf(random);
  return [good.replace('.', ''), good.replace('.', ':'), good.slice(0, -1), `${good}0`, `x${good}`, `${good} `, good.replace(/[a-z0-9]\./, 'A.'), good.replace(/.$/, '-'), `\n${good}`, ''];
}

/** Minutes of `24h0m0s`, `2h30m`, `90m`, `0`. */
function lifetime(ttl: string): number {
  return [...ttl.matchAll(/(\d+)([hms])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * { h: 60, m: 1, s: 1 / 60 }[unit as 'h']!, 0);
}

function expected(...[token, minutes, ttl]: Shown): string {
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token) || token.includes('\n')) return 'malformed';
  const life = lifetime(ttl);
  return life > 0 && minutes > life ? 'expired' : 'ok';
}

const tells = (...[token, minutes, ttl]: Shown) => `토큰 ${JSON.stringify(token)}, ${minutes}분이 지났고 --ttl ${ttl}`;
const lives = ['2h', '90m', '48h', '2h30m', '24h0m0s'];

export const tokenDay: FunctionExercise = {
  id: 'kubeadm-2',
  title: '토큰의 하루',
  kind: 'function',
  checks: [
    {
      name: '토큰이 아닌 것을 알아본다',
      points: 2,
      hint: '앞이 여섯 글자, 점, 뒤가 열여섯 글자다. 소문자와 숫자뿐이고, 앞뒤에 다른 것이 붙어도 안 된다.',
      inputs: (random) => malformed(random).map((token) => [token, 10, '24h0m0s']),
      expected,
      tells,
    },
    {
      name: '23시간이면 되고 25시간이면 안 된다',
      points: 1,
      hint: '아무 말이 없으면 24시간을 산다. 나이는 분으로 온다.',
      inputs: (random) => [23 * 60, 25 * 60, 24 * 60 - 1, 24 * 60 + 1].map((minutes) => [tokenOf(random), minutes, '24h0m0s']),
      expected,
      tells,
    },
    {
      name: '다른 --ttl을 읽는다',
      points: 2,
      hint: '24를 적어 두지 않는다. 2h30m은 150분이다.',
      inputs: (random) => lives.flatMap((ttl) => [-1, 1].map((side) => [tokenOf(random), lifetime(ttl) + side * (1 + random.int(20)), ttl])),
      expected,
      tells,
    },
    {
      name: '--ttl 0은 끝나지 않는다',
      points: 1,
      hint: '0은 곧바로 끝난다는 뜻이 아니라 끝이 없다는 뜻이다.',
      inputs: (random) => ['0', '0s'].map((ttl) => [tokenOf(random), 60 * 24 * (1 + random.int(400)), ttl]),
      expected,
      tells,
    },
  ],
};
