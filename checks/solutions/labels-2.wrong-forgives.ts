// fails: 틀린 셀렉터는 오류로 거절한다
import { exercise } from 'kubook';

// Reads what it knows and takes everything else for a key.
await exercise('labels-2', (selector: string, labels: Record<string, string>) =>
  selector.split(/,(?![^(]*\))/).filter((one) => one.trim() !== '').every((one) => {
    const set = /^\s*(\S+)\s+(in|notin)\s*\((.*)\)\s*$/.exec(one);
    if (set) return set[3].split(',').map((v) => v.trim()).includes(labels[set[1]]) === (set[2] === 'in');
    const equal = /^\s*(\S+?)\s*(!=|==?)\s*(\S+)\s*$/.exec(one);
    if (equal) return (labels[equal[1]] === equal[3]) === (equal[2] !== '!=');
    const key = one.trim();
    return key.startsWith('!') ? !(key.slice(1).trim() in labels) : key in labels;
  }),
);
