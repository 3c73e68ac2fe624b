// Lesson 5: before the first command of an installation.
import type { Exercise } from '../../lib/book/exercise.ts';
import { cleanHosts } from './05-preflight/clean-hosts.ts';
import { closedPort } from './05-preflight/closed-port.ts';
import { healthURLs } from './05-preflight/health-urls.ts';
import { netplan } from './05-preflight/netplan.ts';
import { sockets } from './05-preflight/sockets.ts';
import { twins } from './05-preflight/twins.ts';

export const exercises: Exercise[] = [cleanHosts, twins, closedPort, healthURLs, sockets, netplan];
