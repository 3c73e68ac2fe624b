// fails: 패킷 6,000개가 고르게 나뉜다
import { exercise } from 'kubook';

await exercise('services-3', ({ chain, endpoints }: { chain: string; endpoints: string[] }) => endpoints.map((endpoint) => `-A ${chain} -j ${endpoint}`));
