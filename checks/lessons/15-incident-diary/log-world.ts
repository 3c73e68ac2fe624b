// Logs on their way: pods that write, a Fluentd on the node, and two that receive.
import type { Cluster } from '../../../lib/book/exercise.ts';

const indented = (text: string) => text.trim().split('\n').map((line) => `    ${line}`).join('\n');
const configMap = (name: string, conf: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  fluent.conf: |\n${indented(conf)}\n`;

const receive = '<source>\n  @type forward\n</source>\n<label @FLUENT_LOG>\n  <match **>\n    @type null\n  </match>\n</label>\n<match **>\n  @type stdout\n</match>';

export const sink = (name: string): string => `${configMap(name, receive)}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: fluentd
        image: fluent/fluentd:v1.19-debian-1
        volumeMounts: [{name: config, mountPath: /fluentd/etc}]
      volumes: [{name: config, configMap: {name: ${name}}}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: 24224}]
`;

export const source = `<source>
  @type tail
  path /var/log/containers/writer-*.log
  pos_file /var/log/fluentd.pos
  tag kubernetes.*
  refresh_interval 5s
  read_from_head true
  <parse>
    @type regexp
    expression /^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<flag>[FP]) (?<log>.*)$/
    time_format %Y-%m-%dT%H:%M:%S.%N%z
  </parse>
</source>
`;

export const agent = (routes: string): string => `${configMap('agent', source + routes)}---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - name: fluentd
        image: fluent/fluentd:v1.19-debian-1
        securityContext: {runAsUser: 0}
        volumeMounts: [{name: config, mountPath: /fluentd/etc}, {name: log, mountPath: /var/log}]
      volumes: [{name: config, configMap: {name: agent}}, {name: log, hostPath: {path: /var/log}}]
`;

const script = 'i=0; while true; do i=$((i+1)); echo "$HOSTNAME $i"; sleep 1; done';

export function startWriters({ kubectl, file, advance }: Cluster): void {
  for (const name of ['sink-a', 'sink-b']) {
    file(`${name}.yaml`, sink(name));
    kubectl.text`apply -f ${name}.yaml`;
  }
  for (const namespace of ['kube-system', 'default']) kubectl.text`create deployment writer -n ${namespace} --image=busybox -- sh -c ${script}`;
  advance('20s');
}

/** A Service that leads nowhere: whoever calls is refused, and the pods behind it run on. */
export function away({ kubectl }: Cluster, name: string, isAway: boolean): void {
  kubectl.text`patch service ${name} -p ${JSON.stringify({ spec: { selector: { app: isAway ? 'nobody' : name } } })}`;
}

/** All lines that the pods of a namespace have written by now. */
export function written({ kubectl }: Cluster, namespace: string): string[] {
  return kubectl.text`logs deploy/writer -n ${namespace}`.trim().split('\n').filter(Boolean);
}

/** What has come to a sink. */
export const arrived = ({ kubectl }: Cluster, name: string): Set<string> => new Set([...kubectl.text`logs deploy/${name}`.matchAll(/"log":"([^"]+)"/g)].map(([, line]) => line!));
