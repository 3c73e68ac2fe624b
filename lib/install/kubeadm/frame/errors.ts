// How kubeadm fails: what it says on stderr, and the exit code (cmd/kubeadm/app/util/error.go).
import type { FieldError } from '../../../api/index.ts';

export class KubeadmError extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

export const fail = (message: string): never => {
  throw new KubeadmError(message);
};

/** What is wrong with a configuration ends kubeadm with 3, unless the error is wrapped on its way. */
export function failWith(errors: readonly FieldError[]): void {
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  if (texts.length > 0) throw new KubeadmError(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`, 3);
}

/** As `errors.Wrap`: says where it happened, and forgets which kind of error it was. */
export const wrapped = (error: unknown, context: string): unknown => (error instanceof KubeadmError ? new KubeadmError(`${context}: ${error.message}`) : error);

/** What is printed after an error at low verbosity. */
export const epilogue = 'To see the stack trace of this error execute with --v=5 or higher';
