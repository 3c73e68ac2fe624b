import type { Program } from '../program.ts';

/**
 * `perl -Mbignum=bpi -wle "print bpi(2000)"`, the Job of Kubernetes' documentation: π to so many digits.
 * Differs from Kubernetes: it is the only line of Perl that is known here, and its time goes by the digits.
 */
export function perl(args: readonly string[]): Program {
  const digits = Number(/^\s*print bpi\((\d{1,5})\);?\s*$/.exec(args.at(-1) ?? '')?.[1] ?? 0);
  return (process) => {
    process.useCpu(1);
    process.after(digits ? digits * 3 : 50, () => {
      process.log(digits ? pi(digits) : '# 도움말: 이 책의 perl은 print bpi(자릿수)만 안다');
      process.exit(digits ? 0 : 1);
    });
    return {};
  };
}

/** By Machin's formula, rounded to so many significant digits. */
function pi(digits: number): string {
  const spare = 10;
  const one = 10n ** BigInt(digits - 1 + spare);
  const arctan = (inverse: bigint) => {
    let [sum, power] = [0n, one / inverse];
    for (let n = 1n; power > 0n; n += 2n) {
      sum += n % 4n === 1n ? power / n : -(power / n);
      power /= inverse * inverse;
    }
    return sum;
  };
  const rounded = (4n * (4n * arctan(5n) - arctan(239n)) + 5n * 10n ** BigInt(spare - 1)) / 10n ** BigInt(spare);
  const text = String(rounded);
  return digits === 1 ? text : `${text[0]}.${text.slice(1)}`;
}
