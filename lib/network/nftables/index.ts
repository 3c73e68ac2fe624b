export { listOne, listTable } from './list.ts';
export { NftError, type NftRule, nftRuleText } from './rule.ts';
export { NftRuleset } from './ruleset.ts';
export type { NftChain, NftHook, NftTable } from './table.ts';
export { type NftStep, walkNft } from './walk.ts';
