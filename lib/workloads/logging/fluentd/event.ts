// What flows: a record and when it happened, under a tag that says where it goes.

export type Record_ = Readonly<Record<string, unknown>>;

export interface Event {
  /** Milliseconds. */
  time: number;
  record: Record_;
}

/** Takes events: an output, or a router. May throw a PluginError. */
export interface Collector {
  emit(tag: string, events: readonly Event[]): void;
}

/** An error of a plugin as Ruby would name it. */
export class PluginError extends Error {
  readonly className: string;
  /** Trying again is of no use. */
  readonly unrecoverable: boolean;
  constructor(className: string, message: string, { unrecoverable = false } = {}) {
    super(message);
    this.className = className;
    this.unrecoverable = unrecoverable;
  }
}

/** The buffer is full. */
export class BufferOverflow extends PluginError {
  constructor() {
    super('Fluent::Plugin::Buffer::BufferOverflowError', 'buffer space has too many data');
  }
}
