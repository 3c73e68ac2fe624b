export { type Attributes as AccessAttributes, attributesOf as attributesOfRequest, attributesOfPath, isResource } from './attributes.ts';
export { type Authorizer, createAuthorizer } from './authorizer.ts';
export { impliedGroups, knownUser, type UserInfo } from './user.ts';
