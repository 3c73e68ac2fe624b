// fails: 늘 도는 것을 고른다
import { exercise } from 'kubook';

await exercise('controllers-5', {
  shop: 'Deployment',
  collector: 'Deployment',
  database: 'Deployment',
  convert: 'Job',
  etl: 'CronJob',
  shell: 'Pod',
  fixed: 'ReplicaSet',
  legacy: 'ReplicationController',
});
