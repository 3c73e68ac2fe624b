// The Korean particle that fits the word before it: 웹이, 노드가.
type Pair = '이/가' | '은/는' | '을/를' | '과/와' | '으로/로';

/** How a word ends when it is read aloud: with a vowel, with ㄹ, or with another consonant. */
function endingOf(word: string): 'vowel' | 'ㄹ' | 'consonant' {
  const [last = ''] = /[가-힣a-z0-9](?=[^가-힣a-z0-9]*$)/i.exec(word) ?? [];
  if (/[가-힣]/.test(last)) {
    const final = (last.charCodeAt(0) - 0xac00) % 28;
    return final === 0 ? 'vowel' : final === 8 ? 'ㄹ' : 'consonant';
  }
  // 일, 칠, 팔; 영, 삼, 육.
  if (/\d/.test(last)) return /[178]/.test(last) ? 'ㄹ' : /[036]/.test(last) ? 'consonant' : 'vowel';
  const latin = /[a-z]+(?=[^a-z]*$)/i.exec(word)?.[0] ?? '';
  // Letter by letter, as DNS and the ends of generated names are: 엘, 알; 엠, 엔.
  if (/\d[a-z]+$/i.test(word) || !/[aeiouy]/i.test(latin) || latin === latin.toUpperCase()) return /[lr]$/i.test(latin) ? 'ㄹ' : /[mn]$/i.test(latin) ? 'consonant' : 'vowel';
  if (/l$/.test(latin)) return 'ㄹ';
  // 오펀, 팀, 킹; 웹, 앱, 랙, 셋, 북.
  return /([mn]|ng|([^aeiou]|^)([aeiou]|oo)(b|ck?|k|pp?|tt?))$/i.test(latin) ? 'consonant' : 'vowel';
}

/** The word with its particle: `${josa(name, '이/가')} 없다`. */
export function josa(word: unknown, pair: Pair): string {
  const [closed, open] = pair.split('/') as [string, string];
  const ending = endingOf(String(word));
  return `${word}${ending === 'vowel' || (ending === 'ㄹ' && closed === '으로') ? open : closed}`;
}
