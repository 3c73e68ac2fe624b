/**
 * An error in a cell is printed with its message and the next step instead of a stack: Node prints `error.stack`,
 * and the frames name files of tslab and of this library, never a line of the cell.
 */
export function tidyErrors(notice: (error: Error, frames: NodeJS.CallSite[]) => void = () => {}): void {
  Error.prepareStackTrace = (error, frames) => {
    notice(error, frames);
    const head = headline(error);
    if (/[\\/](@?tslab|esbuild)[\\/]/.test(frames[0]?.getFileName() ?? '')) return `${head}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
    return `${head}\n    at 이 셀: 여기서 멈췄다. 고친 뒤 이 셀부터 다시 실행한다.`;
  };
}

function headline(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
