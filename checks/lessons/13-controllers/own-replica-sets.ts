import { type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { count, create, images, leaveEnded, ofWeb, replicaSet, sizes, type Story, tell } from './replica-set-story.ts';

const story = (result: unknown) => result as Story;
const elsewhere = 'staging';

export const ownReplicaSets: ClusterExercise = {
  id: 'controllers-2',
  title: '레플리카셋 컨트롤러 작성',
  withholds: ['createCluster'],
  kind: 'component',
  cluster: { nodes: 3, controllers: { replicaset: false, replicationcontroller: false } },
  start({ cluster }) {
    const { client } = cluster;
    client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } });
    const template = { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox', command: ['sleep', '864000'] }] } };
    client.create({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'batch', namespace: 'default' }, spec: { template } });
    cluster.advance('10s');
    for (const name of ['orphan-1', 'orphan-2']) create(cluster, name, { app: 'web' }, { image: images.orphan });
    create(cluster, 'foreigner', { app: 'web' }, { namespace: elsewhere });
    leaveEnded(cluster, client.create(replicaSet('web', sizes.begun)));
    client.create(replicaSet('api', 2));
    cluster.advance('10s');
  },
  perform: ({ cluster, random }, answer) => tell(cluster, random, answer),
  checks: [
    {
      name: '적힌 수만큼 돌린다',
      points: 2,
      hint: '살아 있는(isPodActive) 제 파드를 세어 spec.replicas보다 모자란 만큼 만든다. 끝난 파드도 API에는 남아 있다. 만드는 파드의 metadata에는 generateName, namespace, 템플릿의 labels, ownerReferences를 적는다.',
      run({ result }) {
        const { begun } = story(result);
        same([count(begun, 'web'), count(begun, 'api')], [sizes.begun, 2], '1분 뒤 레플리카셋 [web, api]의 살아 있는 파드 수');
      },
    },
    {
      name: '고아를 입양한다',
      points: 2,
      hint: '주인이 없고 레이블이 맞는 파드에 ownerReferences를 적는다. 입양부터 하고 모자란 수를 센다. 방금 입양한 파드는 캐시에 아직 제 것으로 보이지 않으니 손으로 더해 센다.',
      run({ result }) {
        const names = ofWeb(story(result).begun).map(({ name }) => name);
        const orphan = ['orphan-1', 'orphan-2'].find((name) => !names.includes(name));
        if (orphan) wrong(`${josa(orphan, '이/가')} 레플리카셋 web의 파드가 되지 않았다.`);
      },
    },
    {
      name: '남의 파드는 그대로다',
      points: 2,
      hint: '레이블이 같아도 다른 컨트롤러(controller: true)가 있으면 남의 파드다. 셀렉터는 제 네임스페이스 안에서만 찾는다.',
      run({ result }) {
        const { begun } = story(result);
        const foreigner = begun.find(({ name }) => name === 'foreigner');
        if (!foreigner) wrong(`${elsewhere} 네임스페이스의 foreigner가 사라졌다.`);
        if (foreigner.owner) wrong(`${elsewhere} 네임스페이스의 foreigner에 주인 ${josa(foreigner.owner, '이/가')} 생겼다.`);
        if (!begun.some(({ owner }) => owner === 'Job/batch')) wrong('잡 batch의 파드가 사라지거나 주인이 바뀌었다.');
        if (count(begun, 'web') === 0) wrong('남의 파드와 견줄 제 파드가 없다.');
      },
    },
    {
      name: '템플릿과 다르다고 지우지 않는다',
      points: 1,
      hint: '템플릿은 새로 만들 때만 읽는다. 도는 파드의 이미지는 보지 않는다.',
      run({ result }) {
        const { begun, drifted, refilled } = story(result);
        const names = (at: Story['begun']) => ofWeb(at).map(({ name }) => name).sort();
        if (names(begun).length === 0) wrong('지킬 파드가 없다.');
        same(names(drifted), names(begun), '템플릿의 이미지를 바꾸고 1분 뒤의 web 파드');
        const fresh = ofWeb(refilled).find(({ name }) => !names(drifted).includes(name));
        same(fresh?.image, images.next, '그 뒤에 하나를 지워서 새로 생긴 파드의 이미지');
      },
    },
    {
      name: '남으면 지운다',
      points: 1,
      hint: '주인 없는 파드가 새로 생긴 소식도 듣고(forMapped) 입양한다. 입양한 것까지 세어 남는 만큼만 지운다. 모두 지우고 새로 만들지 않는다.',
      run({ result }) {
        const { stray, shrunk } = story(result);
        if (stray.some(({ name, owner }) => name === 'stray' && !owner)) wrong('뒤늦게 들어온 stray가 30초가 지나도록 주인 없이 남아 있다.');
        same([count(stray, 'web'), count(shrunk.after, 'web')], [sizes.begun, sizes.shrunk], '[같은 레이블의 파드를 넣은 뒤, 줄인 뒤]의 web 파드 수');
        const fresh = ofWeb(shrunk.after).find(({ name }) => !shrunk.before.some((pod) => pod.name === name));
        if (fresh) wrong(`줄이기만 했는데 새 파드 ${josa(fresh.name, '이/가')} 생겼다.`);
      },
    },
    {
      name: '벗어난 파드를 놓아준다',
      points: 2,
      hint: '레이블이 더는 맞지 않는 제 파드에서 ownerReferences의 저를 지운다. 파드는 지우지 않고, 빈자리는 채운다.',
      run({ result }) {
        const { name, moment } = story(result).lost;
        if (!name) wrong('레이블을 바꿀 파드가 없었다.');
        const pod = moment.find((one) => one.name === name);
        if (!pod) wrong(`레이블을 바꾼 ${josa(name, '이/가')} 지워졌다.`);
        if (pod.owner) wrong(`레이블을 바꾼 ${name}의 주인이 아직 ${pod.owner}이다.`);
        same(count(moment, 'web'), sizes.begun, '그 뒤의 web 파드 수');
      },
    },
    {
      name: '두 번의 쓰기 사이에 죽어도 이어 간다',
      points: 1,
      hint: '다시 켜지면 변수에 적어 둔 것은 없다. 만들다 만 것까지 클러스터에서 다시 센다.',
      run({ result }) {
        const { crashed } = story(result);
        same([count(crashed, 'web'), count(crashed, 'api')], [sizes.crashed, 2], '만들다가 세 번 죽고 다시 켜진 뒤의 [web, api] 파드 수');
      },
    },
    {
      name: '늦은 캐시를 견딘다',
      points: 2,
      hint: '캐시에 아직 보이지 않는다고 또 만들지 않는다. 만든 파드의 이름을 기억했다가 client.find로 보일 때까지 기다리거나(기다림에는 끝이 있어야 한다), 셀 때만 API 서버에 묻는다.',
      run({ result }) {
        const { most, moment } = story(result).stale;
        same(count(moment, 'web'), sizes.stale, '소식이 2초까지 늦게 오는 동안 늘린 web 파드 수');
        if (most > sizes.stale) wrong(`${sizes.stale}개라고 했는데 한때 ${most}개까지 있었다.`);
      },
    },
    {
      name: '맞으면 가만히 있는다',
      points: 1,
      hint: '할 일이 없을 때 쓰는 요청이 있으면 그 요청이 다시 조정을 부른다. status에는 센 수를 적는다.',
      run({ result }) {
        const { writes, status, moment } = story(result).rest;
        same([status, count(moment, 'web')], [sizes.stale, sizes.stale], '[web의 status.replicas, 정말 있는 web 파드 수]');
        if (writes > 0) wrong(`아무 일도 없던 2분 동안 ${writes}번 썼다.`);
      },
    },
  ],
};
