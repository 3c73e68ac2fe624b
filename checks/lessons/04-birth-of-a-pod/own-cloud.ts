import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { type CloudStory, foreign, type Moment, startCloudStory, tellCloud } from './cloud-story.ts';

const story = ({ result }: After) => result as CloudStory;
const ours = ({ balancers }: Moment) => balancers.filter(({ name }) => !foreign.includes(name));
/** The balancer that a Service says is its own. */
const of = (moment: Moment, service: string) => moment.balancers.find(({ address }) => moment.addresses[service]?.includes(address)) ?? wrong(`${service}의 EXTERNAL-IP(${moment.addresses[service]?.join() || '<pending>'})를 가진 밸런서가 없다.`);

export const ownCloud: ClusterExercise = {
  id: 'birth-5',
  title: '가짜 클라우드',
  kind: 'component',
  cluster: { nodes: 3, cloud: true },
  start: startCloudStory,
  perform: ({ cluster, random }, answer) => tellCloud(cluster, random, answer),
  checks: [
    {
      name: '밸런서를 만들고 그 주소를 알린다',
      points: 2,
      hint: 'createBalancer가 돌려준 address를 { ingress: [{ ip }] }로 돌려준다. listeners에는 서비스의 port와 nodePort를, machines에는 노드의 이름을 적는다.',
      run(after) {
        const { made } = story(after);
        for (const service of ['team-a/web', 'team-b/web']) {
          const { listeners, machines } = of(made, service);
          same(listeners.map(({ port, nodePort }) => [port, nodePort]), [[80, made.nodePorts[service]![0]]], `${service} 밸런서의 [port, nodePort]`);
          same([...machines].sort(), ['worker-1', 'worker-2', 'worker-3'], `${service} 밸런서가 이끄는 머신`);
        }
        if (!made.answered) wrong('laptop에서 team-a/web의 주소를 불렀는데 아무도 답하지 않았다.');
      },
    },
    {
      name: '서비스마다 제 것이 하나씩이다',
      points: 1,
      hint: '이름이 같은 서비스가 네임스페이스마다 있을 수 있다. 겹치지 않는 것은 metadata.uid다.',
      run(after) {
        const { made } = story(after);
        if (of(made, 'team-a/web').id === of(made, 'team-b/web').id) wrong('team-a/web과 team-b/web이 한 밸런서를 나눠 쓴다.');
        same(ours(made).length, 2, '서비스 둘을 만든 뒤의 밸런서 수(남의 것은 빼고)');
      },
    },
    {
      name: '답을 잃어버려도 둘을 만들지 않는다',
      points: 2,
      hint: 'createBalancer가 오류를 던졌는데 밸런서는 만들어져 있을 수 있다. 만들기 전에 언제나 balancers()에서 찾는다.',
      run(after) {
        const { lost } = story(after);
        of(lost, 'team-a/api');
        same(ours(lost).length, 3, '서비스 셋일 때의 밸런서 수');
      },
    },
    {
      name: '다시 켜져도 만든 것을 알아본다',
      points: 1,
      hint: '프로세스가 다시 시작하면 변수에 적어 둔 것은 사라진다. 기억하는 것은 클라우드뿐이다.',
      run(after) {
        const { lost, restarted } = story(after);
        same(ours(restarted).map(({ id }) => id).sort(), ours(lost).map(({ id }) => id).sort(), 'cloud-controller-manager를 다시 켠 뒤의 밸런서들');
        same(restarted.addresses, lost.addresses, '다시 켠 뒤의 EXTERNAL-IP');
      },
    },
    {
      name: '바뀐 포트와 소스 범위를 따라간다',
      points: 1,
      hint: '있으면 updateBalancer로 새 주문을 통째로 보낸다. spec.loadBalancerSourceRanges는 sourceRanges다.',
      run(after) {
        const { changed, restarted } = story(after);
        const now = of(changed, 'team-a/web');
        same(now.id, of(restarted, 'team-a/web').id, '포트를 바꾼 뒤 team-a/web의 밸런서');
        same(now.listeners.map(({ nodePort }) => nodePort), changed.nodePorts['team-a/web'], '바꾼 뒤의 nodePort');
        same(now.sourceRanges ?? [], ['192.0.2.0/24'], '바꾼 뒤의 sourceRanges');
        if (!changed.answered) wrong('바꾼 포트로 불렀는데 아무도 답하지 않았다.');
      },
    },
    {
      name: '노드가 줄면 밸런서도 안다',
      points: 1,
      hint: '노드만 바뀌면 updateLoadBalancer가 불린다. machines를 새 노드들로 바꾼다.',
      run(after) {
        const { fewer, workers } = story(after);
        for (const { id, machines } of ours(fewer)) same([...machines].sort(), [...workers].sort(), `${josa(id, '이/가')} 이끄는 머신`);
        same(ours(fewer).length, 3, '노드가 준 뒤의 밸런서 수');
      },
    },
    {
      name: '지운 서비스는 밸런서를 남기지 않는다',
      points: 2,
      hint: '없는 것을 지우라는 부탁은 이미 이루어진 것이다. deleteBalancer가 던지는 LoadBalancerNotFound 때문에 멈추면 서비스가 영영 지워지지 않는다.',
      run(after) {
        const { deleted } = story(after);
        same(Object.keys(deleted.addresses), [], '지운 뒤 남은 서비스');
        same(ours(deleted).map(({ name }) => name), [], '지운 뒤 남은 밸런서');
      },
    },
    {
      name: '남의 밸런서는 그대로다',
      points: 1,
      hint: "서비스 이름과 같은 'web'이라는 밸런서가 이미 있다. 이름이 같다고 제 것은 아니다.",
      run(after) {
        const { others, made } = story(after);
        same(others.map(({ name, machines }) => [name, machines.length]), foreign.map((name) => [name, 0]), '처음부터 있던 밸런서의 [이름, 머신 수]');
        of(made, 'team-a/web');
      },
    },
  ],
};
