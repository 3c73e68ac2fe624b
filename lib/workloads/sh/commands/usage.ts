// How commands are used, as busybox says it. Differs from busybox: what the options mean does not follow.

export const banner = 'BusyBox v1.37.0 multi-call binary.';

const lines: Record<string, string> = {
  awk: '[OPTIONS] [AWK_PROGRAM] [FILE]...',
  basename: 'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...',
  cat: '[-nbvteA] [FILE]...',
  cmp: '[-ls] [-n NUM] FILE1 [FILE2 [SKIP1 [SKIP2]]]',
  cut: '[OPTIONS] [FILE]...',
  date: '[OPTIONS] [+FMT] [[-s] TIME]',
  diff: '[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2',
  find: '[-HL] [PATH]... [OPTIONS] [ACTIONS]',
  fold: '[-bs] [-w WIDTH] [FILE]...',
  grep: '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...',
  head: '[OPTIONS] [FILE]...',
  md5sum: '[-c[sw]] [FILE]...',
  nl: '[OPTIONS] [FILE]...',
  paste: '[-d LIST] [-s] [FILE]...',
  sed: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...',
  seq: '[-w] [-s SEP] [FIRST [INC]] LAST',
  sha256sum: '[-c[sw]] [FILE]...',
  sort: '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...',
  tail: '[OPTIONS] [FILE]...',
  tee: '[-ai] [FILE]...',
  timeout: '[-s SIG] [-k KILL_SECS] SECS PROG ARGS',
  tr: '[-cds] STRING1 [STRING2]',
  uniq: '[-cduiz] [-f,s,w N] [FILE [OUTFILE]]',
  wc: '[-cmlwL] [FILE]...',
  wget: '[-cqS] [--spider] [-O FILE] URL...',
  xargs: '[OPTIONS] [PROG ARGS]',
};

export const usageOf = (name: string): string => `${banner}\n\nUsage: ${name} ${lines[name] ?? '[FILE]...'}\n`;
