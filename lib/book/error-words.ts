/** What JavaScript's own errors say, in Korean. */
const words: [RegExp, (found: RegExpExecArray) => string][] = [
  [/^Cannot read properties of (undefined|null) \(reading '(.+)'\)/, ([, none, name]) => `${none}인 값에서 '${name}' 필드를 읽으려 했다. 점 앞의 값이 정말 있는지 찍어 본다`],
  [/^Cannot set properties of (undefined|null) \(setting '(.+)'\)/, ([, none, name]) => `${none}인 값에 '${name}' 필드를 적으려 했다. 점 앞의 값이 정말 있는지 찍어 본다`],
  [/^Cannot destructure property '(.+?)' of .* as it is (undefined|null)/, ([, name, none]) => `${none}인 값에서 '${name}' 필드를 꺼내려 했다`],
  [/^(.+) is not a function/, ([, name]) => `함수가 아닌 것을 불렀다: ${name}. 철자와, 그 값에 그런 함수가 있는지 본다`],
  [/^(.+) is not iterable/, ([, name]) => `하나씩 꺼낼 수 있는 목록이 아니다: ${name}`],
  [/^(\S+) is not defined/, ([, name]) => `그런 이름이 없다: ${name}. 철자를 보고, 앞의 셀에서 만든 것이면 답 안에서 다시 만든다`],
  [/^Cannot convert undefined or null to object/, () => '없는 값(undefined나 null)을 오브젝트로 펼치려 했다. 그 필드가 늘 있는지 본다'],
  [/^Assignment to constant variable/, () => 'const로 만든 이름에는 다시 적을 수 없다. let으로 만든다'],
  [/^Maximum call stack size exceeded/, () => '함수가 저를 끝없이 부른다'],
  [/^Invalid array length/, () => '목록의 길이가 0보다 작거나 수가 아니다'],
  [/ in JSON at position|is not valid JSON|^Unexpected end of JSON input/, () => 'JSON이 아닌 글을 JSON으로 읽으려 했다. 글을 먼저 찍어 본다'],
];

export function inKorean(message: string): string | undefined {
  for (const [pattern, say] of words) {
    const found = pattern.exec(message);
    if (found) return say(found);
  }
}
