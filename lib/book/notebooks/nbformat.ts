// The notebook format, 4.5: what we write and as much as we read.

export interface NotebookCell {
  cell_type: 'markdown' | 'code';
  id: string;
  metadata: Record<string, unknown>;
  source: string[];
  execution_count?: null;
  outputs?: [];
}

export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: 5;
}

export const kernelMetadata = {
  kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
  language_info: {
    codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    file_extension: '.ts',
    mimetype: 'text/typescript',
    name: 'typescript',
    version: '5.0.4',
  },
};

function sourceLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

export function markdownCell(id: string, text: string): NotebookCell {
  return { cell_type: 'markdown', id, metadata: {}, source: sourceLines(text) };
}

export function codeCell(id: string, text: string, metadata: Record<string, unknown> = {}): NotebookCell {
  return { cell_type: 'code', execution_count: null, id, metadata, outputs: [], source: sourceLines(text) };
}

export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
