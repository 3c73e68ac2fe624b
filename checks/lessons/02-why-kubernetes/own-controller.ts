import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { same } from '../../../lib/book/same.ts';
import { count, images, names, stranger, type Story, tell } from './controller-story.ts';

export const ownController: ClusterExercise = {
  id: 'why-3',
  title: '내 조정 루프로 도는 클러스터',
  kind: 'component',
  cluster: { nodes: 3, controllers: { replicaset: false, replicationcontroller: false } },
  async start({ cluster, kubectl }) {
    await kubectl`run ${stranger} --image=nginx --labels=app=web`;
    await kubectl`create deployment web --image=${images.web} --replicas=3`;
    await kubectl`create deployment api --image=${images.api} --replicas=2`;
    cluster.advance('10s');
  },
  perform: ({ cluster, kubectl, random }, answer) => tell(cluster, kubectl, random, answer),
  checks: [
    {
      name: '선언한 수만큼 파드를 만든다',
      points: 2,
      hint: '레플리카셋의 rs.spec.replicas와 살아 있는 제 파드의 수를 견준다. 모자란 만큼 client.create를 부른다.',
      run({ result }) {
        const { begun } = result as Story;
        same([count(begun, 'web'), count(begun, 'api')], [3, 2], '1분 뒤의 [web, api] 파드 수');
        const started = (app: string) => begun.pods.filter((pod) => pod.app === app && pod.image === images[app] && pod.ready).length;
        same([started('web'), started('api')], [3, 2], '템플릿의 이미지로 준비(Ready)된 [web, api] 파드 수');
      },
    },
    {
      name: '만든 파드에 주인을 적는다',
      points: 1,
      hint: 'ownerReferences에 apiVersion, kind, name, uid, controller: true를 적는다. 주인이 없는 파드는 ownedBy로 찾을 수 없고, 주인이 지워져도 남는다.',
      run({ cluster }) {
        const orphan = cluster.client.list('Pod').items.find((pod) => pod.metadata.name !== stranger && !pod.metadata.ownerReferences?.some((owner) => owner.controller && owner.kind === 'ReplicaSet'));
        if (orphan) wrong(`${orphan.metadata.name}에는 주인이 없다.`);
        if (cluster.client.list('Pod').items.length < 2) wrong('주인을 볼 파드가 없다.');
      },
    },
    {
      name: '죽은 파드를 다시 채운다',
      points: 2,
      hint: '끝나 가는 파드(Terminating)도 한동안 목록에 남아 있다. 셀 때는 isPodActive로 살아 있는 것만 센다.',
      run({ result }) {
        const { dying, killed } = result as Story;
        same([count(dying, 'web'), count(dying, 'api')], [3, 2], '한 파드가 끝나지 못하고 Terminating에 머무는 동안 [web, api]의 살아 있는 파드 수');
        same([count(killed, 'web'), count(killed, 'api')], [3, 2], '마구 지우고 30초 뒤의 [web, api] 파드 수');
      },
    },
    {
      name: '늘리고 줄인 수를 따라간다',
      points: 2,
      hint: '남으면 남는 만큼만 client.delete를 부른다. 모두 지우고 새로 만들면 서비스가 끊긴다.',
      run({ result }) {
        const { scaledUp, before, scaledDown, wantedUp, wantedDown } = result as Story;
        same([count(scaledUp, 'web'), count(scaledDown, 'web')], [wantedUp, wantedDown], '[늘린 뒤, 줄인 뒤]의 web 파드 수');
        const fresh = names(scaledDown, 'web').filter((name) => !names(before, 'web').includes(name));
        if (fresh.length > 0) wrong(`줄이기만 했는데 새 파드가 생겼다: ${fresh.join(', ')}`);
      },
    },
    {
      name: '꺼져 있던 동안의 일도 따라잡는다',
      points: 1,
      hint: '삭제 사건을 세고 있지는 않은가? 다시 켜졌을 때 사건은 지나갔고 남은 것은 상태뿐이다.',
      run({ result }) {
        const { crashed, wantedDown } = result as Story;
        same([count(crashed, 'web'), count(crashed, 'api')], [wantedDown, 2], '컨트롤러 매니저를 다시 켠 뒤의 [web, api] 파드 수');
      },
    },
    {
      name: '남의 파드는 그대로다',
      points: 1,
      hint: '레이블이 같다고 제 파드는 아니다. client.cache("Pod").ownedBy(rs.metadata.uid)가 제 파드만 준다.',
      run({ cluster, result }) {
        const pod = cluster.client.list('Pod').items.find(({ metadata }) => metadata.name === stranger);
        if (!pod) wrong(`${stranger} 파드가 사라졌다.`);
        if (pod.metadata.ownerReferences) wrong(`${stranger} 파드에 주인이 생겼다.`);
        if ((result as Story).begun.pods.length < 2) wrong('남의 파드와 견줄 제 파드가 없다.');
      },
    },
    {
      name: 'status에 센 수를 적는다',
      points: 1,
      hint: 'client.updateStatus(rs, { replicas: 센 수, … })를 부른다. 적은 것이 아니라 본 것을 적는다.',
      run({ result }) {
        const { later, wantedDown } = result as Story;
        same([later.status, count(later, 'web')], [wantedDown, wantedDown], '[web 레플리카셋의 status.replicas, 정말 있는 web 파드 수]');
      },
    },
    {
      name: '맞으면 가만히 있는다',
      points: 1,
      hint: '차이가 없을 때 쓰는 요청이 있으면 그 요청이 다시 조정을 부른다. 지우고 새로 만드는 일을 되풀이하지 않는지도 본다.',
      run: quiet,
    },
  ],
};

/** In the last two minutes nothing happened, so nothing was to be done. */
function quiet({ result }: After): void {
  const { late, later, writes, wantedDown } = result as Story;
  same([count(late, 'web'), count(later, 'web')], [wantedDown, wantedDown], '마지막 2분 동안의 web 파드 수');
  same(names(later, 'web').sort(), names(late, 'web').sort(), '마지막 2분 동안의 web 파드');
  if (writes > 0) wrong(`아무 일도 없던 2분 동안 컨트롤러들이 ${writes}번 썼다.`);
}
