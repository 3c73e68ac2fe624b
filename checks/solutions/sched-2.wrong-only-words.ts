// fails: 다섯 파드가 모두 Running이다
import { exercise } from 'kubook';

await exercise('sched-2', () => ({ big: 'NodeResourcesFit', picky: 'NodeAffinity', guest: 'NodeUnschedulable', tool: 'TaintToleration', silent: 'schedulerName' }));
