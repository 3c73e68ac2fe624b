export { type KubeConfig, kubeConfig } from './config.ts';
export { createKubectl, type Kubectl, type KubectlResult, type RunOptions } from './kubectl.ts';
export type { ExecResult, KubectlOptions, LogOptions } from './session.ts';
export { QuoteError, splitWords, templateWords } from './text/shell.ts';
export { documents, parseYaml } from './yaml/parse.ts';
export { printYaml } from './yaml/print.ts';
