// What keeps data from being kept or read, in Korean: where, why, and the next step.

export class KeepError extends Error {
  constructor(
    readonly place: string,
    readonly why: string,
    readonly next: string,
  ) {
    super(`${place}: ${why}\n    → ${next}`);
    this.name = 'KeepError';
  }
}

const reasons: Record<string, string> = {
  ENOSPC: '디스크가 가득 찼다',
  EDQUOT: '쓸 수 있는 몫을 다 썼다',
  EFBIG: '파일이 커질 수 있는 한도에 닿았다',
  EACCES: '쓸 권한이 없다',
  EPERM: '쓸 권한이 없다',
  EROFS: '읽기만 되는 곳이다',
  ENOTDIR: '그 자리에 폴더가 아닌 것이 있다',
  EEXIST: '그 자리에 폴더가 아닌 것이 있다',
  EIO: '디스크가 읽거나 쓰지 못한다',
  EMFILE: '열어 둔 파일이 너무 많다',
  ENFILE: '열어 둔 파일이 너무 많다',
};

/** Why a file could not be written or read. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** An error of the file system as one of keeping data; others stay what they are. */
export function asKeepError(error: unknown, place: string): unknown {
  if (error instanceof KeepError || !(error as NodeJS.ErrnoException).syscall) return error;
  return new KeepError(place, `${reasonOf(error)}.`, '다른 폴더를 정하거나 그 자리를 비운 뒤 다시 실행한다.');
}

export const damaged = (file: string, at: number) =>
  new KeepError(file, `${at}번째 바이트부터 망가졌다. 뒤에 온전한 기록이 있어 잘라 낼 수 없다.`, '백업에서 되돌리거나, 다른 --data 폴더로 새로 시작한다. 망가진 폴더는 건드리지 않았다.');
