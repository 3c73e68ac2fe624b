// Lesson 11: Services and kube-proxy.
import type { Exercise } from '../../lib/book/exercise.ts';
import { canaryShare } from './11-services-and-kube-proxy/canary-share.ts';
import { endpoints } from './11-services-and-kube-proxy/endpoints.ts';
import { fourPorts } from './11-services-and-kube-proxy/four-ports.ts';
import { nodePort } from './11-services-and-kube-proxy/node-port.ts';
import { reach } from './11-services-and-kube-proxy/reach.ts';
import { rules } from './11-services-and-kube-proxy/rules.ts';

export const exercises: Exercise[] = [fourPorts, reach, rules, endpoints, canaryShare, nodePort];
