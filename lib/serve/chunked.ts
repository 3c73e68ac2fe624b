// Answers that never end: chunks of JSON lines (a watch) or of plain text (a log that is followed).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonHeaders } from './answer.ts';
import type { Sink } from './watch.ts';

/** Sends the head at once, so that the client knows that its stream is open. */
export function chunkedSink(request: IncomingMessage, response: ServerResponse, type = 'application/json'): Sink {
  response.writeHead(200, { ...commonHeaders(), 'Content-Type': type });
  response.flushHeaders();
  return {
    write: (text) => void response.write(text),
    get waiting() {
      return response.writableLength;
    },
    onDrain: (listener) => void response.on('drain', listener),
    onClose: (listener) => {
      response.on('close', listener);
      request.socket.on('close', listener);
    },
    end: () => void response.end(),
    cut: () => void request.socket.destroy(),
  };
}
