// What Kubernetes says about pods that are not valid, word for word, in an old and a new release.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Context, createVersion, draft, findResource, type KubeObject } from '../../../lib/api/index.ts';

const strategy = findResource('Pod')!.strategy!;
const context = (version: string): Context => ({ version: createVersion(version), now: '2026-01-01T00:00:00Z', namespace: 'x', find: () => undefined });

function stored(spec: object, version: string, metadata = {}): KubeObject {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', ...metadata }, spec: { serviceAccountName: 'default', ...draft(spec) } } as unknown as KubeObject;
  strategy.defaults!(pod, context(version));
  strategy.prepareForCreate!(pod, context(version));
  return pod;
}
const texts = (errors: { field: string; message: string }[]) => errors.map(({ field, message }) => `${field}: ${message}`);
const errorsOf = (spec: object, version: string, metadata?: object) => texts(strategy.validate!(stored(spec, version, metadata), context(version)));
const container = (fields: object = {}) => ({ name: 'app', image: 'nginx', ...fields });
const withContainer = (fields: object) => ({ containers: [container(fields)] });
const withSpec = (fields: object) => ({ containers: [container()], ...fields });
const withVolume = (source: object) => withSpec({ volumes: [{ name: 'v', ...source }] });

/** Spec, errors in v1.20, errors in v1.33 where they differ. */
const cases: Record<string, [spec: object, old: string[], now?: string[]]> = {
  'a plain pod': [withSpec({}), []],
  'request above the limit': [
    withContainer({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit'],
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  'huge pages alone': [
    withContainer({ resources: { limits: { 'hugepages-2Mi': '4Mi' } } }),
    ['spec.containers[0].resources: Forbidden: HugePages require cpu or memory'],
  ],
  'extended resource without a limit': [
    withContainer({ resources: { requests: { 'example.com/gpu': '1' } } }),
    ['spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources'],
  ],
  'same host port twice': [
    { containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] }), { name: 'b', image: 'b', ports: [{ containerPort: 81, hostPort: 80 }] }] },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  'port of the host differs on its network': [
    withSpec({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] }),
    ['spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when `hostNetwork` is true'],
    ['spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true'],
  ],
  'unknown protocol, port names twice': [
    withContainer({ ports: [{ name: 'a', containerPort: 1 }, { name: 'a', containerPort: 2, protocol: 'ICMP' }] }),
    ['spec.containers[0].ports[1].name: Duplicate value: "a"', 'spec.containers[0].ports[1].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
  ],
  'unknown termination message policy': [
    withContainer({ terminationMessagePolicy: 'Log' }),
    ['spec.containers[0].terminationMessagePolicy: Invalid value: "Log": must be \'File\' or \'FallbackToLogsOnError\''],
    ['spec.containers[0].terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"'],
  ],
  'probe of an init container': [
    withSpec({ initContainers: [{ name: 'init', image: 'b', readinessProbe: { exec: { command: ['true'] } } }] }),
    ['spec.initContainers[0].readinessProbe: Invalid value: core.Probe{}: must not be set for init containers'],
    ['spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
  ],
  'negative delay, exec without command': [
    withContainer({ livenessProbe: { exec: {}, initialDelaySeconds: -1 } }),
    ['spec.containers[0].livenessProbe.exec.command: Required value', 'spec.containers[0].livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
  'bad header': [
    withContainer({ readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: 'c' }] } } }),
    ["spec.containers[0].readinessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"],
  ],
  'hook without handler': [withContainer({ lifecycle: { preStop: {} } }), ['spec.containers[0].lifecycle.preStop: Required value: must specify a handler type']],
  'env: no source, unsupported field, unknown resource': [
    withContainer({
      env: [
        { name: 'A', valueFrom: {} },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } },
        { name: 'D', valueFrom: { fieldRef: { fieldPath: "status.phase['a']" } } },
      ],
    }),
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.podIP", "status.podIPs"',
      'spec.containers[0].env[2].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
      'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Invalid value: "status.phase[\'a\']": error converting fieldPath: field label does not support subscript: status.phase[\'a\']',
    ],
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
      'spec.containers[0].env[2].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
      'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Invalid value: "status.phase[\'a\']": error converting fieldPath: field label does not support subscript: status.phase[\'a\']',
    ],
  ],
  'divisor of cpu': [
    withContainer({ env: [{ name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } }] }),
    ["spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values 1m and 1 are supported with the cpu resource"],
  ],
  'name of a variable begins with a digit': [
    withContainer({ env: [{ name: '1A', value: 'x' }] }),
    ["spec.containers[0].env[0].name: Invalid value: \"1A\": a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"],
    [],
  ],
  'envFrom without source': [
    withContainer({ envFrom: [{ prefix: 'A' }, { configMapRef: {} }] }),
    ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`', 'spec.containers[0].envFrom[1].configMapRef.name: Required value'],
  ],
  'two volume types': [withVolume({ emptyDir: {}, configMap: { name: 'c' } }), ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type']],
  'claim without a name': [withVolume({ persistentVolumeClaim: {} }), ['spec.volumes[0].persistentVolumeClaim.claimName: Required value']],
  'nfs without a server, relative path': [withVolume({ nfs: { path: 'a' } }), ['spec.volumes[0].nfs.server: Required value', 'spec.volumes[0].nfs.path: Invalid value: "a": must be an absolute path']],
  'disk without a name': [
    withVolume({ gcePersistentDisk: { partition: 300 } }),
    ['spec.volumes[0].persistentDisk.pdName: Required value', 'spec.volumes[0].persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive'],
  ],
  'unknown type of a host path': [
    withVolume({ hostPath: { path: '/a/../b', type: 'Pipe' } }),
    [
      'spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      'spec.volumes[0].hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  'downward API: file without source, leaving the volume': [
    withVolume({ downwardAPI: { items: [{ path: '../a' }] } }),
    ['spec.volumes[0].downwardAPI.path: Invalid value: "../a": must not contain \'..\'', 'spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required'],
  ],
  'projected: short-lived token, same path twice': [
    withVolume({ projected: { sources: [{ serviceAccountToken: { expirationSeconds: 60, path: 't' } }, { secret: { name: 's', items: [{ key: 'a', path: 'p' }] } }, { configMap: { name: 'c', items: [{ key: 'a', path: 'p' }] } }] } }),
    ['spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes', 'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths'],
  ],
  'ephemeral volume': [
    withVolume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } } }),
    ['spec.volumes[0]: Required value: must specify a volume type'],
    [],
  ],
  'mount without a path, bidirectional': [
    withSpec({ volumes: [{ name: 'v' }], containers: [container({ volumeMounts: [{ name: 'v', mountPropagation: 'Bidirectional' }] })] }),
    ['spec.containers[0].volumeMounts[0].mountPath: Required value', 'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers'],
  ],
  'device of a volume that is no claim': [
    withSpec({ volumes: [{ name: 'v' }], containers: [container({ volumeDevices: [{ name: 'v', devicePath: '/dev/a' }] })] }),
    ['spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim for block mode'],
    ['spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'],
  ],
  'unknown restart policy and hostname': [
    withSpec({ restartPolicy: 'Sometimes', hostname: 'a.b' }),
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      "spec.hostname: Invalid value: \"a.b\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  'dns policy None without servers': [withSpec({ dnsPolicy: 'None' }), ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
  'nameserver that is no address': [
    withSpec({ dnsConfig: { nameservers: ['dns'], options: [{ value: '1' }] }, hostAliases: [{ ip: 'x', hostnames: ['a'] }] }),
    ['spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be valid IP address', 'spec.dnsConfig.options[0]: Required value: must not be empty', 'spec.hostAliases.ip: Invalid value: "x": must be valid IP address'],
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'spec.dnsConfig.options[0]: Required value: must not be empty',
      'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  'node affinity': [
    withSpec({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: [] }, { key: 'b', operator: 'Near' }], matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['a', 'b'] }] }] } } } }),
    [
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1].operator: Invalid value: "Near": not a valid selector operator',
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key',
    ],
  ],
  'pod affinity selector': [
    withSpec({ affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } }] } } }),
    ["spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchExpressions.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    ["spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
  ],
  'toleration: unknown operator and effect': [
    withSpec({ tolerations: [{ key: 'a', operator: 'Is', effect: 'Maybe' }] }),
    ['spec.tolerations[0].operator: Unsupported value: "Is": supported values: "Equal", "Exists"', 'spec.tolerations[0].effect: Unsupported value: "Maybe": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"'],
  ],
  'security contexts': [
    { containers: [container({ securityContext: { runAsGroup: -1, seccompProfile: { type: 'Localhost' } } })], securityContext: { sysctls: [{ name: 'A' }, { name: 'a' }, { name: 'a' }], fsGroupChangePolicy: 'Never', seccompProfile: { type: 'X' } } },
    [
      'spec.containers[0].securityContext.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      'spec.securityContext.sysctls[0].name: Invalid value: "A": must have at most 253 characters and match regex ([a-z0-9]([-_a-z0-9]*[a-z0-9])?\\.)*[a-z0-9]([-_a-z0-9]*[a-z0-9])?',
      'spec.securityContext.sysctls[2].name: Duplicate value: "a"',
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
      'spec.securityContext.seccompProfile.type: Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
    [
      'spec.containers[0].securityContext.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      'spec.securityContext.sysctls[0].name: Invalid value: "A": must have at most 253 characters and match regex ([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?',
      'spec.securityContext.sysctls[2].name: Duplicate value: "a"',
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
      'spec.securityContext.seccompProfile.type: Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  ],
  'ephemeral containers on create': [
    withSpec({ ephemeralContainers: [{ name: 'debug', image: 'busybox', ports: [{ containerPort: 1 }] }] }),
    [],
    ['spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container', 'spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
};

for (const [title, [spec, old, now = old]] of Object.entries(cases)) {
  test(`${title}, v1.20`, () => assert.equal(errorsOf(spec, 'v1.20'), old));
  test(`${title}, v1.33`, () => assert.equal(errorsOf(spec, 'v1.33'), now));
}

test('seccomp: field and annotation agree or are made from each other, in old releases', () => {
  const key = 'seccomp.security.alpha.kubernetes.io/pod';
  const profile = { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } };
  assert.equal(stored(withSpec(profile), 'v1.20').metadata.annotations, { [key]: 'runtime/default' });
  assert.equal(stored(withSpec({}), 'v1.20', { annotations: { [key]: 'localhost/a.json' } }).spec.securityContext, { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } });
  assert.equal(errorsOf(withSpec(profile), 'v1.20', { annotations: { [key]: 'unconfined' } }), ['spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match']);
  assert.equal(stored(withSpec(profile), 'v1.33').metadata.annotations, undefined);
});

function update(before: object, after: object, version = 'v1.20'): string[] {
  const old = stored(before, version);
  const pod = draft(old);
  pod.spec = { ...pod.spec, ...draft(after) };
  strategy.defaults!(pod, context(version));
  strategy.prepareForUpdate!(pod, old, context(version));
  return texts(strategy.validateUpdate!(pod, old, context(version))).map((text) => text.split('\n')[0]!);
}

test('an update may change images, shorten the deadline, add tolerations', () => {
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
  const before = withSpec({ activeDeadlineSeconds: 60, tolerations: [toleration] });
  const after = { containers: [{ ...container(), image: 'nginx:2', imagePullPolicy: 'Always' }], activeDeadlineSeconds: 30, tolerations: [{ ...toleration, tolerationSeconds: 9 }, { operator: 'Exists' }] };
  assert.equal(update(before, after), []);
});

test('an update may change nothing else', () => {
  const list = '`spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)';
  const newList = '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  assert.equal(update(withSpec({}), { nodeSelector: { a: 'b' } }), [`spec: Forbidden: pod updates may not change fields other than ${list}`]);
  assert.equal(update(withSpec({}), { nodeSelector: { a: 'b' } }, 'v1.33'), [`spec: Forbidden: pod updates may not change fields other than ${newList}`]);
  assert.equal(update(withSpec({}), { containers: [container(), { name: 'b', image: 'b' }] }), ['spec.containers: Forbidden: pod updates may not add or remove containers']);
  assert.equal(update(withSpec({ activeDeadlineSeconds: 60 }), { activeDeadlineSeconds: undefined }), ['spec.activeDeadlineSeconds: Invalid value: "null": must not update from a positive integer to nil value']);
  assert.equal(update(withSpec({}), { containers: [{ ...container(), image: ' a', imagePullPolicy: 'Always' }] }).length, 2);
});

test('a newer release counts changes of the spec', () => {
  const old = stored(withSpec({}), 'v1.33');
  assert.is(old.metadata.generation, 1);
  const pod = draft(old);
  pod.spec.containers[0].image = 'nginx:2';
  strategy.prepareForUpdate!(pod, old, context('v1.33'));
  assert.is(pod.metadata.generation, 2);
  assert.is(stored(withSpec({}), 'v1.20').metadata.generation, undefined);
});

test('a scheduling gate may only be taken away', () => {
  const gated = withSpec({ schedulingGates: [{ name: 'a' }], nodeSelector: { x: '1' } });
  assert.equal(update(gated, { schedulingGates: [] }, 'v1.33'), []);
  assert.equal(update(gated, { nodeSelector: { x: '1', y: '2' } }, 'v1.33'), []);
  assert.equal(update(gated, { schedulingGates: [{ name: 'a' }, { name: 'b' }] }, 'v1.33'), ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"]);
  assert.equal(update(gated, { nodeSelector: { x: '2' } }, 'v1.33'), ['spec.nodeSelector: Invalid value: map[string]string{"x":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)']);
});

test('status: a container that ended for good stays ended, addresses are of two families', () => {
  const old = stored(withSpec({ restartPolicy: 'Never' }), 'v1.20');
  old.status.containerStatuses = [{ name: 'app', state: { terminated: { exitCode: 1 } } }];
  const pod = { ...old, status: { ...old.status, containerStatuses: [{ name: 'app', state: { running: {} } }], podIP: '10.1.1.1', podIPs: [{ ip: '10.1.1.1' }, { ip: '10.1.1.1' }] } };
  strategy.prepareForStatusUpdate!(pod, old, context('v1.20'));
  assert.equal(texts(strategy.validateStatusUpdate!(pod, old, context('v1.20'))), [
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    'status.podIPs: Invalid value: []core.PodIP{core.PodIP{IP:"10.1.1.1"}, core.PodIP{IP:"10.1.1.1"}}: may specify no more than one IP for each IP family',
    'status.podIPs[1]: Duplicate value: core.PodIP{IP:"10.1.1.1"}',
  ]);
});

test.run();
