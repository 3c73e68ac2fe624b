export { electionTimeout, quorum, type RaftChange, RaftGroup, type RaftOptions, ReconfigurationError } from './group.ts';
export type { RaftMember } from './member.ts';
