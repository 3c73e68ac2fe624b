// fails: 처음과 끝은 글자나 숫자다
import { exercise } from 'kubook';

await exercise('labels-3', (key: string, value: string) => /^([a-z0-9.-]+\/)?[-A-Za-z0-9_.]{1,63}$/.test(key) && /^[-A-Za-z0-9_.]{0,63}$/.test(value));
