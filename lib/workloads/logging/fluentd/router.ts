// From a tag to the output that takes it: filters on the way, and the first <match> that fits (lib/fluent/event_router.rb).
import { type Collector, type Event, PluginError } from './event.ts';
import type { FluentdLog } from './log.ts';
import { type MatchPattern, matchPattern } from './match-pattern.ts';

export interface Filter {
  /** Undefined: the event goes no further. May throw a PluginError. */
  filter(tag: string, event: Event): Event | undefined;
}

type Rule = { pattern: MatchPattern; filter: Filter } | { pattern: MatchPattern; output: Collector };
interface Pipeline {
  filters: readonly Filter[];
  output: Collector | undefined;
}

export interface RouterOptions {
  log: FluentdLog;
  /** The router of `<label @ERROR>`. */
  errors(): Router | undefined;
}

export class Router implements Collector {
  readonly #rules: Rule[] = [];
  readonly #options: RouterOptions;
  readonly #known = new Map<string, Pipeline>();
  #unmatched = 0;
  /** Of `<label @FLUENT_LOG>`: what matches nothing is not complained about. */
  quiet = false;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  addFilter(pattern: string, filter: Filter): void {
    this.#rules.push({ pattern: matchPattern(pattern), filter });
  }

  addOutput(pattern: string, output: Collector): void {
    this.#rules.push({ pattern: matchPattern(pattern), output });
  }

  /** Whether a filter or an output takes the tag. */
  matches(tag: string): boolean {
    return this.#rules.some(({ pattern }) => pattern(tag));
  }

  emit(tag: string, events: readonly Event[]): void {
    const { filters, output } = this.#pipeline(tag);
    const left = filters.length === 0 ? events : events.flatMap((event) => this.#filtered(tag, event, filters));
    if (!output) return this.#noMatch(tag);
    if (left.length === 0) return;
    try {
      output.emit(tag, left);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      this.#failed(tag, left, error);
    }
  }

  /** One event that a plugin could not do anything with. */
  emitError(tag: string, event: Event, error: PluginError): void {
    const { log, errors } = this.#options;
    const about = { error, tag, time: event.time / 1000 };
    const collector = errors();
    if (!collector) return log.warn('dump an error event:', { ...about, record: JSON.stringify(event.record) });
    log.warn('send an error event to @ERROR:', about);
    collector.emit(tag, [event]);
  }

  #pipeline(tag: string): Pipeline {
    let found = this.#known.get(tag);
    if (!found) {
      const filters: Filter[] = [];
      let output: Collector | undefined;
      for (const rule of this.#rules) {
        if (!rule.pattern(tag)) continue;
        if ('filter' in rule) filters.push(rule.filter);
        else {
          output = rule.output;
          break;
        }
      }
      this.#known.set(tag, (found = { filters, output }));
    }
    return found;
  }

  #filtered(tag: string, event: Event, filters: readonly Filter[]): Event[] {
    let current: Event | undefined = event;
    for (const filter of filters) {
      try {
        current = filter.filter(tag, current);
      } catch (error) {
        if (!(error instanceof PluginError)) throw error;
        this.emitError(tag, current!, error);
        return [];
      }
      if (!current) return [];
    }
    return [current];
  }

  #noMatch(tag: string): void {
    if (this.quiet) return;
    const count = ++this.#unmatched;
    if (count < 512 ? Number.isInteger(Math.log2(count)) : count % 512 === 0) this.#options.log.warn('no patterns matched', { tag });
  }

  #failed(tag: string, events: readonly Event[], error: PluginError): void {
    const { log, errors } = this.#options;
    const collector = errors();
    if (collector) {
      log.warn('send an error event stream to @ERROR:', { error, tag });
      return collector.emit(tag, events);
    }
    log.warn('emit transaction failed:', { error, tag });
    throw error;
  }
}
