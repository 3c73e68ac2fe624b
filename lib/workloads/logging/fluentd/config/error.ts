// What is wrong with a configuration, in Fluentd's words.
import type { Element } from './element.ts';

/** `element`: what Fluentd shows before the message. */
export class ConfigError extends Error {
  readonly className: string;
  readonly element: Element | undefined;
  constructor(message: string, { className = 'Fluent::ConfigError', element }: { className?: string; element?: Element | undefined } = {}) {
    super(message);
    this.className = className;
    this.element = element;
  }
}

/** The file cannot be read as a configuration: Ruby ends with a trace. */
export class ConfigParseError extends Error {}
