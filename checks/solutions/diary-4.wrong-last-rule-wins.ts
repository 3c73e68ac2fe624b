// fails: 연 뒤에 다섯 패킷이 어떻게 되는가
import { exercise } from 'kubook';

interface Packet {
  protocol: 'tcp' | 'udp';
  port: number;
  from: string;
}

const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const within = (ip: string, range: string) => {
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(ip) / size) === Math.floor(number(base) / size);
};

const matches = (rule: string, packet: Packet) => {
  const option = (name: string) => new RegExp(`${name} (\\S+)`).exec(rule)?.[1];
  if (/--ctstate|-i lo/.test(rule)) return false;
  const [protocol, port, source] = [option('-p'), option('--dport'), option('-s')];
  return (!protocol || protocol === packet.protocol) && (!port || Number(port) === packet.port) && (!source || within(packet.from, source));
};

const verdict = ([policy = '', ...rules]: string[], packet: Packet) => {
  const rule = [...rules].reverse().find((one) => matches(one, packet));
  return rule ? rule.split(' -j ')[1]! : policy.split(' ')[2]!;
};

await exercise('diary-4', (chain: string[], port: number, from: string, packets: Packet[]) => {
  const [policy = '', ...rules] = chain;
  const added = `-A INPUT -p tcp --dport ${port} -j ACCEPT`;
  const last = [policy, ...rules, added];
  const works = verdict(last, { protocol: 'tcp', port, from }) === 'ACCEPT';
  const after = works ? last : [policy, added, ...rules];
  return { option: works ? '-A' : '-I', verdicts: packets.map((packet) => verdict(after, packet)) };
});
