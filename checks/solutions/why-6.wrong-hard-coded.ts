// fails: 처음 보는 종류도 읽는다
import { exercise } from 'kubook';

await exercise('why-6', (table: string, word: string) => {
  const rows = [
    ['no', 'Node', false], ['ns', 'Namespace', false], ['deploy', 'Deployment', true], ['po', 'Pod', true], ['svc', 'Service', true],
    ['rs', 'ReplicaSet', true], ['ing', 'Ingress', true], ['cm', 'ConfigMap', true], ['hpa', 'HorizontalPodAutoscaler', true],
    ['ds', 'DaemonSet', true], ['pvc', 'PersistentVolumeClaim', true], ['pv', 'PersistentVolume', false], ['sts', 'StatefulSet', true],
    ['rc', 'ReplicationController', true], ['quota', 'ResourceQuota', true], ['sa', 'ServiceAccount', true], ['cj', 'CronJob', true],
    ['ev', 'Event', true], ['sc', 'StorageClass', false], ['ep', 'Endpoints', true], ['limits', 'LimitRange', true],
  ] as [string, string, boolean][];
  const row = rows.find(([short, kind]) => short === word || kind === word);
  return row ? { kind: row[1], short: row[0], namespaced: row[2] } : null;
});
