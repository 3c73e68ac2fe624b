/** Every string and number inside the given values. */
export function sent(...values: unknown[]): Set<unknown>;
export function text(s: string, known?: Set<unknown>): string;
export function body(x: unknown, options?: { known?: Set<unknown>; managedFields?: boolean }): any;
export function table(t: unknown, known: Set<unknown>): any;
export function columns(lines: string[], replaceCell: (cell: string, column: string) => string, pad?: number): string[];
export function kubectlText(s: string, options?: { known?: Set<unknown>; setup?: unknown[]; args?: string[]; server?: string }): string;
