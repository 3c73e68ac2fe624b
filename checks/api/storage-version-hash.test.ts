// storageVersionHash of built-in kinds, as a real v1.20.2 says it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, discovery } from '../../lib/api/index.ts';

const recorded = `
v1 configmaps qFsyl6wFWjQ= endpoints fWeeMqaN/OA= events r2yiGXH7wu8= limitranges EBKMFVe6cwo= namespaces Q3oi5N2YM8M= nodes XwShjMxG9Fs= persistentvolumeclaims QWTyNDq0dC4= persistentvolumes HN/zwEC+JgM= pods xPOwRZ+Yhw8= podtemplates LIXB2x4IFpk= replicationcontrollers Jond2If31h0= resourcequotas 8uhSgffRX6w= secrets S6u1pOWzb84= serviceaccounts pbx9ZvyFpBE= services 0/CO1lhkEBI=
apiregistration.k8s.io/v1 apiservices C+s2HXXP47k=
apiregistration.k8s.io/v1beta1 apiservices C+s2HXXP47k=
apps/v1 controllerrevisions 85nkx63pcBU= daemonsets dd7pWHUlMKQ= deployments 8aSe+NMegvE= replicasets P1RzHs8/mWQ= statefulsets H+vl74LkKdo=
events.k8s.io/v1 events r2yiGXH7wu8=
events.k8s.io/v1beta1 events r2yiGXH7wu8=
autoscaling/v1 horizontalpodautoscalers oQlkt7f5j/A=
autoscaling/v2beta1 horizontalpodautoscalers oQlkt7f5j/A=
autoscaling/v2beta2 horizontalpodautoscalers oQlkt7f5j/A=
batch/v1 jobs mudhfqk/qZY=
batch/v1beta1 cronjobs h/JlFAZkyyY=
certificates.k8s.io/v1 certificatesigningrequests UQh3YTCDIf0=
certificates.k8s.io/v1beta1 certificatesigningrequests UQh3YTCDIf0=
networking.k8s.io/v1 ingressclasses 6upRfBq0FOI= ingresses ZOAfGflaKd0= networkpolicies YpfwF18m1G8=
networking.k8s.io/v1beta1 ingressclasses 6upRfBq0FOI= ingresses ZOAfGflaKd0=
extensions/v1beta1 ingresses ZOAfGflaKd0=
policy/v1beta1 poddisruptionbudgets 6BGBu0kpHtk= podsecuritypolicies khBLobUXkqA=
rbac.authorization.k8s.io/v1 clusterrolebindings 48tpQ8gZHFc= clusterroles bYE5ZWDrJ44= rolebindings eGsCzGH6b1g= roles 7FuwZcIIItM=
rbac.authorization.k8s.io/v1beta1 clusterrolebindings 48tpQ8gZHFc= clusterroles bYE5ZWDrJ44= rolebindings eGsCzGH6b1g= roles 7FuwZcIIItM=
storage.k8s.io/v1 csidrivers Z7aeXSiaYTw= csinodes Pe62DkZtjuo= storageclasses K+m6uJwbjGY= volumeattachments tJx/ezt6UDU=
storage.k8s.io/v1beta1 csidrivers Z7aeXSiaYTw= csinodes Pe62DkZtjuo= storageclasses K+m6uJwbjGY= volumeattachments tJx/ezt6UDU=
admissionregistration.k8s.io/v1 mutatingwebhookconfigurations yxW1cpLtfp8= validatingwebhookconfigurations P9NhrezfnWE=
admissionregistration.k8s.io/v1beta1 mutatingwebhookconfigurations yxW1cpLtfp8= validatingwebhookconfigurations P9NhrezfnWE=
apiextensions.k8s.io/v1 customresourcedefinitions jfWCUB31mvA=
apiextensions.k8s.io/v1beta1 customresourcedefinitions jfWCUB31mvA=
scheduling.k8s.io/v1 priorityclasses 1QwjyaZjj3Y=
scheduling.k8s.io/v1beta1 priorityclasses 1QwjyaZjj3Y=
coordination.k8s.io/v1 leases /sY7hl8ol1U=
coordination.k8s.io/v1beta1 leases /sY7hl8ol1U=
node.k8s.io/v1 runtimeclasses 8nMHWqj34s0=
node.k8s.io/v1beta1 runtimeclasses 8nMHWqj34s0=
discovery.k8s.io/v1beta1 endpointslices Nx3SIv6I0mE=
flowcontrol.apiserver.k8s.io/v1beta1 flowschemas 9bSnTLYweJ0= prioritylevelconfigurations BFVwf8eYnsw=
`
  .trim()
  .split('\n');

test('discovery of v1.20 says how each kind is stored', () => {
  const { apiResourceList } = discovery(createVersion('v1.20'));
  const said = recorded.map((row) => {
    const [groupVersion = ''] = row.split(' ');
    const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
    const resources = apiResourceList(group!, version!)?.resources ?? [];
    return [groupVersion, ...resources.flatMap(({ name, storageVersionHash }) => (storageVersionHash ? [`${name} ${storageVersionHash}`] : []))].join(' ');
  });
  assert.equal(said, recorded);
});

test('today a kind that was stored in an older version has another hash', () => {
  const hashOf = (version: string) => discovery(createVersion(version)).apiResourceList('coordination.k8s.io', 'v1')?.resources[0]?.storageVersionHash;
  assert.is(hashOf('v1.20'), '/sY7hl8ol1U=');
  assert.is.not(hashOf('v1.33'), hashOf('v1.20'));
});

test.run();
