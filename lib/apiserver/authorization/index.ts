export { type Attributes as AuthorizationAttributes, attributesOf, attributesOfPath, isResource } from './attributes.ts';
export { type Authorizer, createAuthorizer } from './authorizer.ts';
export { type Decision, forbiddenRequest } from './decision.ts';
export { anonymousUser, impliedGroups, knownUser, serviceAccountOf, type UserInfo } from './user.ts';
