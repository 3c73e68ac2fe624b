import { type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';

interface Given {
  /** What the page says. */
  text: string;
}

/** The three commands as they were typed. */
export const commands: ClusterExercise = {
  id: 'images-4',
  title: '점 하나의 차이',
  kind: 'cluster',
  cluster: { nodes: 1 },
  async start({ cluster, random }): Promise<Given> {
    const text = `hello ${random.pick(['bruzn', 'lab', 'docker', 'penguin'])} ${random.int(1000)}`;
    cluster.file('Dockerfile', 'FROM php:5-apache\nADD index.php /var/www/html/index.php\nRUN chmod a+rx index.php\n');
    cluster.file('index.php', `<?php\n  echo "${text}";\n?>\n`);
    cluster.workstation.sh.run('echo dckr_pat_bruzn | docker login -u bruzn --password-stdin');
    return { text };
  },
  checks: [
    {
      name: '이미지가 만들어졌다',
      points: 2,
      hint: 'docker build는 어느 폴더를 보낼지 알아야 한다. 지금 폴더는 마침표 하나다.',
      run({ cluster, given }) {
        const { code, stdout } = desk(cluster).run('docker run --rm bruzn/php-apache cat /var/www/html/index.php');
        if (code !== 0) wrong('bruzn/php-apache라는 이미지가 없거나 그 안에 index.php가 없다.');
        if (!stdout.includes((given as Given).text)) wrong('이미지의 index.php가 작업 폴더의 것이 아니다.');
      },
    },
    {
      name: '내 이름 아래로 올라갔다',
      points: 2,
      hint: 'docker.io에서 쓸 수 있는 곳은 로그인한 아이디(bruzn) 아래뿐이다. 이름에 아이디가 없으면 library/에 올리려는 것이 된다.',
      run({ cluster }) {
        const { image } = cluster.workstation.registries.resolve('bruzn/php-apache') as { image?: { id: string } };
        if (!image) wrong('docker.io에 bruzn/php-apache가 없다.');
        const here = desk(cluster).run('docker images -q --no-trunc bruzn/php-apache').stdout.trim();
        if (image.id !== here) wrong('올라간 것과 여기 있는 것이 다른 이미지다.');
      },
    },
    {
      name: '호스트의 8080이 대답한다',
      points: 2,
      hint: '-p는 호스트의 포트가 먼저다: -p 호스트:컨테이너. 컨테이너 안의 아파치는 80에서 듣는다.',
      run({ cluster, given }) {
        const { stdout } = desk(cluster).run('curl -s localhost:8080');
        if (stdout !== (given as Given).text) wrong(stdout === '' ? 'localhost:8080에서 아무도 대답하지 않는다.' : `localhost:8080의 대답이 다르다: ${stdout.slice(0, 60)}`);
      },
    },
    {
      name: '그 이미지의 컨테이너 web이다',
      points: 1,
      hint: '이름은 --name web으로 붙인다. docker ps로 이미지와 이름을 확인한다.',
      run({ cluster }) {
        const rows = desk(cluster).run('docker ps --format "{{.Names}} {{.Image}}"').stdout.trim().split('\n');
        if (!rows.some((row) => /^web (docker\.io\/)?bruzn\/php-apache(:latest)?$/.test(row))) wrong(`도는 컨테이너(이름 이미지): ${rows.filter(Boolean).join(', ') || '없음'}`);
      },
    },
  ],
};

const desk = (cluster: Cluster) => cluster.workstation.sh;
