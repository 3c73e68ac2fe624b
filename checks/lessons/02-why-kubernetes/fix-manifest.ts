import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { same } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

interface Given {
  app: string;
  replicas: number;
  memo: string;
}

export const fixManifest: ClusterExercise = {
  id: 'why-5',
  title: '탭이 든 매니페스트 고치기',
  kind: 'cluster',
  cluster: { nodes: 2 },
  start({ cluster, random }): Given {
    const app = `web-${random.suffix(4)}`;
    const given = { app, replicas: 2 + random.int(3), memo: `이름\t${random.suffix(6)}` };
    cluster.file('web.yaml', manifest(given, random));
    return given;
  },
  checks: [
    {
      name: 'web.yaml의 세 오브젝트가 모두 적용되었다',
      points: 1,
      hint: '고친 글을 cluster.file로 다시 저장하고 kubectl apply -f web.yaml을 실행한다. 오류가 나면 가리키는 줄을 본다.',
      async run({ cluster, kubectl, given }) {
        const name = (given as Given).app;
        for (const kind of ['ConfigMap', 'Deployment', 'Service']) {
          if (!cluster.client.list(kind).items.some((object) => object.metadata.name === name)) wrong(`${name} ${kind} 오브젝트가 없다.`);
        }
        const again = (await kubectl.text`apply -f web.yaml --dry-run=server`).trim().split('\n');
        const other = again.find((line) => !line.includes(' unchanged'));
        if (other !== undefined || again.length !== 3) wrong(`web.yaml을 다시 적용하면 세 줄 모두 unchanged여야 하는데 이렇게 나온다: ${other ?? again.join(' / ')}`);
      },
    },
    {
      name: '파드가 선언한 수만큼 준비되었다',
      points: 1,
      hint: '줄을 지우거나 수를 바꾸지 말고 들여쓰기만 고친다. 탭 하나는 공백 두 칸 자리에 있었다.',
      async run({ cluster, given }) {
        const { app, replicas } = given as Given;
        cluster.advance('1m');
        const [deployment] = cluster.client.list('Deployment').items.filter(({ metadata }) => metadata.name === app);
        if (!deployment) return `${app} Deployment 오브젝트가 없다.`;
        same([deployment.spec.replicas, deployment.status.readyReplicas], [replicas, replicas], '[선언한 수, 준비된 수]');
      },
    },
    {
      name: '매니페스트의 뜻은 그대로다',
      points: 1,
      hint: '이미지, 레이블, 포트가 처음 파일에 적힌 대로인지 본다.',
      run: sameMeaning,
    },
    {
      name: '값 안의 탭은 남아 있다',
      points: 1,
      hint: 'ConfigMap의 memo는 글이다. 거기에 든 탭은 들여쓰기가 아니라 내용이다. 줄 맨 앞의 공백과 탭만 바꾼다.',
      run({ cluster, given }) {
        const { app, memo } = given as Given;
        const found = cluster.client.list('ConfigMap').items.find(({ metadata }) => metadata.name === app);
        same(found?.data?.memo, `${memo}\n`, 'ConfigMap의 memo');
      },
    },
  ],
};

function sameMeaning({ cluster, given }: After): string | void {
  const { app } = given as Given;
  const deployment = cluster.client.list('Deployment').items.find(({ metadata }) => metadata.name === app);
  const service = cluster.client.list('Service').items.find(({ metadata }) => metadata.name === app);
  if (!deployment || !service) return `${app} Deployment와 Service가 모두 있어야 한다.`;
  const [container] = deployment.spec.template.spec!.containers;
  same(deployment.spec.template.metadata!.labels, { app }, '파드 템플릿의 레이블');
  same([container!.name, container!.image, container!.ports?.[0]?.containerPort], ['nginx', 'nginx:1.25', 80], '[컨테이너 이름, 이미지, 포트]');
  same([service.spec.selector, service.spec.ports?.[0]?.port], [{ app }, 80], '[서비스의 셀렉터, 포트]');
}

/** Some of the indented lines have a tab where two spaces were. */
function manifest({ app, replicas, memo }: Given, random: Random): string {
  const lines = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${app}
data:
  memo: |
    ${memo}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
      - name: nginx
        image: nginx:1.25
        ports:
        - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: ${app}
spec:
  selector:
    app: ${app}
  ports:
  - port: 80
`.split('\n');
  const spoilt = (line: string, i: number) => (i === 25 || i === 33 || random.next() < 0.25) && !line.includes('\t');
  return lines.map((line, i) => (spoilt(line, i) ? line.replace(/^( *)  (?=\S)/, '$1\t') : line)).join('\n');
}
