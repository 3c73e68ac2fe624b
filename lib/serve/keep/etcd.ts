// `--etcd URL`: opens a real etcd that holds one of our clusters, or nothing yet.
import { EtcdClient } from './etcd-client.ts';
import { claim, load, type Loaded, unusable } from './etcd-load.ts';
import { EtcdMirror } from './etcd-mirror.ts';
import type { Keeper, KeeperVoice } from './keeper.ts';
import { KeepError } from './problems.ts';

export async function openEtcd(address: string, { voice }: { voice: KeeperVoice }): Promise<Keeper> {
  const url = urlOf(address);
  const client = new EtcdClient(url);
  try {
    refuseForeign(url, await load(client));
    const owned = await claim(client);
    return new EtcdMirror(client, { voice, owned, loaded: await load(client) });
  } catch (error) {
    client.close();
    throw unusable(url, error);
  }
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new KeepError(`--etcd ${address}`, 'http나 https로 시작하는 주소가 아니다.', '예: --etcd http://127.0.0.1:2379');
  return url;
}

function refuseForeign(url: URL, { kvs, foreign, identity }: Loaded): void {
  if (identity) return;
  const next = '쿠북만 쓰는 etcd를 정한다.';
  if (foreign.length > 0) throw new KeepError(url.origin, `진짜 쿠버네티스가 쓰던 etcd다 ('${foreign[0]!.key}' 키의 값을 읽을 수 없다).`, next);
  if (kvs.length > 0) throw new KeepError(url.origin, `/registry에 쿠북이 쓰지 않은 것이 있다 ('${kvs[0]!.key}').`, next);
}
