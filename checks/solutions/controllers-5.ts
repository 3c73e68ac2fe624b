import { exercise } from 'kubook';

await exercise('controllers-5', {
  shop: 'Deployment',
  collector: 'DaemonSet',
  database: 'StatefulSet',
  convert: 'Job',
  etl: 'CronJob',
  shell: 'Pod',
  fixed: 'ReplicaSet',
  legacy: 'ReplicationController',
});
