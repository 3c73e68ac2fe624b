// Which inputs there are.
import type { HttpRequest, HttpResponse } from '../../../../../machine/index.ts';
import { about, type Engine, type Made, type Plugin } from '../../plugin.ts';
import { unknownPlugin } from '../unknown.ts';
import { forward, http } from './network.ts';
import { sample } from './sample.ts';
import { tail } from './tail.ts';

const kinds: Record<string, (made: Made) => Plugin> = { tail, forward, http, sample, dummy: sample, monitor_agent: monitorAgent };

export const makeInput = (made: Made): Plugin => (kinds[made.type] ?? unknownPlugin('input', made.type, made.section.element))(made);

/** What the plugins are doing: how long their queues are, how often a write failed. */
function monitorAgent(made: Made): Plugin {
  const { section, engine } = made;
  const port = section.number('port', 24_220);
  section.text('bind');
  const withConfig = section.bool('include_config', true);
  const serve = ({ path }: HttpRequest): HttpResponse => {
    const json = (status: number, body: unknown): HttpResponse => ({ status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    return path.split('?')[0] === '/api/plugins.json' ? json(200, { plugins: allOf(engine).map((one) => describe(one, withConfig)) }) : json(404, { message: 'Not found' });
  };
  return { kind: 'input', ...about(made), start: () => engine.process.listen(port, serve) };
}

const allOf = ({ plugins }: Engine): Plugin[] => plugins.flatMap((one) => [one, ...(one.parts ?? [])]);

function describe(plugin: Plugin, withConfig: boolean): Record<string, unknown> {
  const { id, kind, type, config } = plugin;
  return { plugin_id: id, plugin_category: kind, type, ...(withConfig && { config }), output_plugin: kind === 'output', ...plugin.info?.() };
}
