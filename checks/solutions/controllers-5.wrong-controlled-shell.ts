// fails: 홀로 선 파드를 안다
import { exercise } from 'kubook';

await exercise('controllers-5', {
  shop: 'Deployment',
  collector: 'DaemonSet',
  database: 'StatefulSet',
  convert: 'Job',
  etl: 'CronJob',
  shell: 'Job',
  fixed: 'ReplicaSet',
  legacy: 'ReplicationController',
});
