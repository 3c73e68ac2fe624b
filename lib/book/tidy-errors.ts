/**
 * An error in a cell is printed with its message and the next step instead of a stack: Node prints `error.stack`,
 * and the frames name files of tslab and of this library, never a line of the cell.
 */
export function tidyErrors(notice: (error: Error, frames: NodeJS.CallSite[]) => void = () => {}): void {
  Error.prepareStackTrace = (error, frames) => {
    notice(error, frames);
    const head = headline(error);
    const ofKernel = /[\\/](@?tslab|esbuild)[\\/]/.test(frames[0]?.getFileName() ?? '');
    const stack = ofKernel ? `${head}\n${frames.map((frame) => `    at ${frame}`).join('\n')}` : `${head}\n    at 이 셀: 여기서 멈췄다. 고친 뒤 이 셀부터 다시 실행한다.`;
    // Not writable: Node's vm would put the file and the line of our own code before it.
    Reflect.defineProperty(error, 'stack', { value: stack, writable: false, configurable: true, enumerable: false });
    return stack;
  };
}

function headline(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
