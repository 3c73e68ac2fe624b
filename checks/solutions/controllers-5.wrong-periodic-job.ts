// fails: 끝나는 것을 고른다
import { exercise } from 'kubook';

await exercise('controllers-5', {
  shop: 'Deployment',
  collector: 'DaemonSet',
  database: 'StatefulSet',
  convert: 'Job',
  etl: 'Job',
  shell: 'Pod',
  fixed: 'ReplicaSet',
  legacy: 'ReplicationController',
});
