import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { type Deployment, isPodActive, type KubeObject } from '../../../lib/index.ts';
import { installMetricsServer } from './metrics-server.ts';

interface Given {
  apps: string[];
  /** Spec of each autoscaler as it should be. */
  specs: Record<string, object>;
}

const image = 'nginx:1.27';
const request = '100m';

const deployment = (name: string, resources: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image, resources }] } } },
});

const specOf = (app: string, averageUtilization: number, maxReplicas: number) => ({
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: app },
  minReplicas: 1,
  maxReplicas,
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }],
});

export const unknownTargets: ClusterExercise = {
  id: 'scale-3',
  title: '<unknown>의 세 원인',
  kind: 'cluster',
  cluster: { nodes: 1 },
  async start(stage): Promise<Given> {
    const { cluster, kubectl, random } = stage;
    const apps = random.shuffle(['cart', 'home', 'pay']);
    const [unmeasured, misspelt] = apps as [string, string, string];
    const specs = Object.fromEntries(apps.map((app) => [app, specOf(app, random.pick([50, 60, 70]), 4 + random.int(5))]));
    const broken = (app: string) => (app === misspelt ? { ...specs[app]!, scaleTargetRef: { ...specs[app]!.scaleTargetRef, name: `${app}-web` } } : specs[app]);
    const autoscaler = (app: string) => ({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: app }, spec: broken(app) });
    const objects = apps.flatMap((app) => [deployment(app, app === unmeasured ? {} : { requests: { cpu: request } }), autoscaler(app)]);
    cluster.file('apps.yaml', objects.map((one) => JSON.stringify(one)).join('\n---\n'));
    await kubectl`apply -f apps.yaml`;
    const asleep = random.next() < 0.5;
    await installMetricsServer(stage, { insecure: asleep });
    if (asleep) await kubectl`scale deployment metrics-server -n kube-system --replicas=0`;
    cluster.advance('1m');
    return { apps: [...apps].sort(), specs };
  },
  checks: [
    {
      name: 'metrics-server가 잰다',
      points: 2,
      hint: 'kubectl get apiservice v1beta1.metrics.k8s.io가 까닭을 말한다. metrics-server의 파드가 있는지, 있다면 그 로그가 무엇이라고 하는지 본다.',
      async run({ cluster, kubectl }) {
        cluster.advance('2m');
        const told = (await kubectl.text`top pods`).split('\n')[0]!;
        if (!told.startsWith('NAME')) wrong(`kubectl top pods의 답: ${told}`);
      },
    },
    {
      name: '세 HPA의 TARGETS가 모두 숫자다',
      points: 3,
      hint: 'kubectl describe hpa의 Conditions와 Events가 HPA마다 까닭을 말한다. 셋의 까닭이 같지 않다.',
      run({ cluster, given }) {
        for (const app of (given as Given).apps) measured(cluster, app);
      },
    },
    {
      name: 'HPA의 목표와 범위는 처음 그대로다',
      points: 1,
      hint: '고칠 것은 가리키는 곳뿐이다. 목표나 minReplicas, maxReplicas는 그대로 둔다.',
      run({ cluster, given }) {
        const { apps, specs } = given as Given;
        for (const app of apps) {
          measured(cluster, app);
          same(autoscalerOf(cluster, app).spec, specs[app], `HPA ${app}의 spec`);
        }
      },
    },
    {
      name: '앱은 100m을 요청하고, 하던 일을 한다',
      points: 1,
      hint: '모자란 것은 컨테이너의 resources.requests.cpu다. kubectl set resources로 적는다. 이미지나 파드의 수를 바꿀 까닭은 없다.',
      run: appsKept,
    },
  ],
};

function autoscalerOf(cluster: Cluster, app: string): KubeObject {
  return cluster.client.find('HorizontalPodAutoscaler', { namespace: 'default', name: app }) ?? wrong(`HPA ${josa(app, '이/가')} 없다.`);
}

/** The controller itself says so, and has said so since the checks began. */
function measured(cluster: Cluster, app: string): void {
  const { status } = autoscalerOf(cluster, app);
  const active = status?.conditions?.find(({ type }: { type: string }) => type === 'ScalingActive');
  if (active?.status !== 'True') wrong(`HPA ${app}의 TARGETS는 아직 <unknown>이다. ${active?.message ?? status?.conditions?.[0]?.message ?? '컨트롤러가 아직 보지 않았다.'}`);
  if (typeof status.currentMetrics?.[0]?.resource?.current?.averageUtilization !== 'number') wrong(`HPA ${app}의 TARGETS는 아직 숫자가 아니다.`);
}

function appsKept({ cluster, given }: After): void {
  for (const app of (given as Given).apps) {
    measured(cluster, app);
    const one: Deployment = cluster.client.find('Deployment', { namespace: 'default', name: app }) ?? wrong(`디플로이먼트 ${josa(app, '이/가')} 없다.`);
    const pods = cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${app}` }).items.filter(isPodActive);
    same(pods.length, 1, `${app}의 파드 수`);
    for (const { containers } of [one.spec.template.spec!, pods[0]!.spec]) {
      if (containers.length !== 1 || containers[0]!.image !== image) wrong(`${app}의 컨테이너가 처음과 다르다.`);
      same(containers[0]!.resources?.requests?.['cpu'], request, `${app}의 requests.cpu`);
    }
  }
}
