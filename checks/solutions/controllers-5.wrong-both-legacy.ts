// fails: 수만 지키는 둘을 구별한다
import { exercise } from 'kubook';

await exercise('controllers-5', {
  shop: 'Deployment',
  collector: 'DaemonSet',
  database: 'StatefulSet',
  convert: 'Job',
  etl: 'CronJob',
  shell: 'Pod',
  fixed: 'ReplicationController',
  legacy: 'ReplicationController',
});
