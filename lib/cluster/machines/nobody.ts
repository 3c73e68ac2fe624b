// Whoever asks while there is no control plane asks in vain.
import { ApiServer } from '../../apiserver/index.ts';
import { InProcessClient } from '../../client/index.ts';
import { Store } from '../../etcd/index.ts';
import type { World } from './world.ts';

type Time = Pick<World, 'loop' | 'random' | 'version'>;

export const serverOfNobody = ({ loop, random, version }: Time): ApiServer => new ApiServer({ store: new Store(), clock: loop.clock, random: random.fork('nobody'), version });

export const clientOfNobody = (time: Time, server = serverOfNobody(time)): InProcessClient => new InProcessClient({ server, loop: time.loop, random: time.random.fork('nobody'), name: 'nobody', reachable: () => false });
