// What a client has been told: every write that was acknowledged, and those of which it never heard again.
import { Agent } from 'node:https';
import * as assert from 'uvu/assert';
import type { Random } from '../../lib/sim/index.ts';
import { type Answer, ask, configMap, json } from './served.ts';

export interface Server {
  port: number;
  admin: { authority: string; client: { cert: string; key: string } };
}

interface Known {
  uid: string;
  resourceVersion: string;
  /** Stands in two fields, so that half a write would be seen. */
  value: number;
}

const path = '/api/v1/namespaces/default/configmaps';
const padding = 'x'.repeat(300);

export class Ledger {
  acknowledged = 0;
  #random: Random;
  #known = new Map<string, Known | undefined>();
  /** The value that a write without an answer would have left, undefined for a delete. */
  #open = new Map<string, { value: number | undefined }>();
  #next = 1;
  #newest = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Several clients write until the server is gone, or refuses. Returns what the first refusal said. */
  async write(server: Server, clients = 4): Promise<Answer | undefined> {
    const agent = agentOf(server);
    const refusals = await Promise.all(Array.from({ length: clients }, (_, i) => this.#client(server, agent, i)));
    agent.destroy();
    return refusals.find(Boolean);
  }

  async #client(server: Server, agent: Agent, number: number): Promise<Answer | undefined> {
    for (;;) {
      const name = `map-${number}-${this.#random.int(5)}`;
      const before = this.#known.get(name);
      const value = this.#next++;
      const deletes = before !== undefined && this.#random.int(4) === 0;
      const body = configMap(name, { first: String(value), padding, last: String(value) });
      this.#open.set(name, { value: deletes ? undefined : value });
      const answer = await (deletes
        ? ask(server as never, `${path}/${name}`, { agent, method: 'DELETE' })
        : before
          ? ask(server as never, `${path}/${name}`, { agent, ...json('PUT', body) })
          : ask(server as never, path, { agent, ...json('POST', body) })
      ).catch(() => undefined);
      if (!answer) return undefined;
      if (answer.code >= 500) return answer;
      assert.ok(answer.code < 300, answer.text);
      this.acknowledged++;
      this.#open.delete(name);
      this.#learn(name, deletes ? undefined : answer.body);
    }
  }

  #learn(name: string, object: any): void {
    if (!object) return void this.#known.set(name, undefined);
    const { uid, resourceVersion } = object.metadata;
    this.#known.set(name, { uid, resourceVersion, value: Number(object.data.first) });
    this.#newest = Math.max(this.#newest, Number(resourceVersion));
  }

  /** A write that changes nothing in the books. */
  async probe(server: Server): Promise<Answer> {
    const agent = agentOf(server);
    const answer = await ask(server as never, path, { agent, ...json('POST', configMap(`probe-${this.#next++}`)) });
    agent.destroy();
    return answer;
  }

  /** Every acknowledged write is there, and of the others all or nothing. */
  async check(server: Server): Promise<void> {
    const agent = agentOf(server);
    const { code, body, text } = await ask(server as never, path, { agent });
    agent.destroy();
    assert.is(code, 200, text);
    assert.ok(Number(body.metadata.resourceVersion) >= this.#newest, `${body.metadata.resourceVersion} < ${this.#newest}`);
    const present = new Map<string, any>(body.items.filter((item: any) => item.data?.padding).map((item: any) => [item.metadata.name, item]));
    for (const name of new Set([...this.#known.keys(), ...this.#open.keys(), ...present.keys()])) this.#compare(name, present.get(name));
    this.#open.clear();
  }

  #compare(name: string, object: any): void {
    if (object) assert.equal([object.data.first, object.data.padding], [object.data.last, padding], `${name} is half there`);
    const known = this.#known.get(name);
    const open = this.#open.get(name);
    const asKnown = known ? object?.metadata.uid === known.uid && object.metadata.resourceVersion === known.resourceVersion && Number(object.data.first) === known.value : !object;
    const asOpen = open && (open.value === undefined ? !object : object && Number(object.data.first) === open.value);
    assert.ok(asKnown || asOpen, `${name}: acknowledged ${JSON.stringify(known)}, open ${JSON.stringify(open)}, found ${JSON.stringify(object)}`);
    this.#learn(name, object);
  }
}

const agentOf = ({ admin }: Server) => new Agent({ ca: admin.authority, ...admin.client, keepAlive: true });
