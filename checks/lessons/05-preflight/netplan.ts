import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createHost, type Random } from '../../../lib/index.ts';

interface Wish {
  address: string;
  gateway: string;
  nameservers: string[];
}

const path = '/etc/netplan/50-cloud-init.yaml';

/** The file of the notes' first node. */
const notesFile = ({ gateway, nameservers }: Wish, address: string) => `network:
    ethernets:
        eth0:
                addresses:
                        - ${address}
                gateway4: ${gateway}
                nameservers:
                        addresses: [${nameservers.join(', ')}]
                #dhcp4: true
                #optional: true
    version: 2
`;

interface Applied {
  code: number;
  stderr: string;
  card: { name: string; addresses: readonly string[]; gateway: string | null; nameservers: readonly string[]; dhcp: boolean } | null;
}

/** Writes what the answer made, and applies it on a host of today. */
function drive(answer: (text: string, wish: Wish) => unknown, wish: Wish): Applied {
  const text = answer(notesFile(wish, wish.address.replace(/\d+\/24/, '1/24')), wish);
  const { machine, sh } = createHost({ kubernetes: 'v1.33' });
  machine.files.write(path, typeof text === 'string' ? text : '');
  const { code, stderr } = sh.run('netplan apply');
  const { card } = machine;
  return { code, stderr: stderr.trim(), card: card ? { ...card, gateway: card.gateway ?? null } : null };
}

const wishes = (random: Random): Wish[][] => Array.from({ length: 4 }, () => {
  const net = `172.${16 + random.int(16)}.${random.int(256)}`;
  return [{ address: `${net}.${2 + random.int(200)}/24`, gateway: `${net}.254`, nameservers: ['168.126.63.1', '168.126.63.2'] }];
});

const applied = (output: Applied) => (output.code === 0 && output.card ? undefined : `netplan apply가 실패했다: ${output.stderr.split('\n')[0]}`);

export const netplan: FunctionExercise = {
  id: 'preflight-6',
  title: 'netplan 쓰기',
  kind: 'function',
  checks: [
    {
      name: '주소가 바란 대로다',
      points: 2,
      hint: '들여쓰기는 빈칸으로만 하고, 주소에는 /24 같은 길이가 붙는다. 첫 노드의 주소만 wish.address로 바꾸면 된다.',
      inputs: wishes,
      drive,
      judge: (output: Applied, { address }: Wish) => applied(output) ?? (output.card!.addresses.join() === address ? undefined : `eth0의 주소는 ${address}여야 하는데 ${output.card!.addresses.join() || '없다'}`),
    },
    {
      name: 'gateway4를 쓰지 않는다',
      points: 2,
      hint: 'netplan apply가 경고하지 않아야 한다. gateway4: 주소는 routes: 아래의 - to: default와 via: 주소로 바꾸어 쓴다.',
      inputs: wishes,
      drive,
      judge: (output: Applied) => applied(output) ?? (output.stderr.includes('gateway4') ? '아직 gateway4를 쓴다고 netplan이 경고한다.' : undefined),
    },
    {
      name: '밖으로 나가는 길과 DNS가 있다',
      points: 2,
      hint: '기본 경로(default)는 이웃에 있는 게이트웨이로 간다. nameservers는 그대로 둔다.',
      inputs: wishes,
      drive,
      judge: (output: Applied, { gateway, nameservers }: Wish) => applied(output) ?? (output.card!.gateway !== gateway ? `기본 경로는 ${gateway}로 가야 하는데 ${output.card!.gateway ?? '없다'}` : output.card!.nameservers.join() === nameservers.join() ? undefined : `DNS 서버는 ${nameservers.join(', ')}여야 한다.`),
    },
  ],
};
