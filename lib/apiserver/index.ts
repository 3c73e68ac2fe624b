export { type Admission, type Attributes, defaultAdmission } from './admission/index.ts';
export type { ApiRequest, ObjectList, PatchType, RequestOptions, RequestRecord, Verb } from './request.ts';
export { pathOf } from './request.ts';
export { anonymousUser, type AuthorizationAttributes, attributesOf, attributesOfPath, type Authorizer, type Decision, forbiddenRequest, impliedGroups, knownUser, serviceAccountOf, type UserInfo } from './authorization/index.ts';
export type { HttpRequest, HttpResponse } from './http.ts';
export { cellsOf, columnsOf, type Table, toTable } from './table.ts';
export { decodeObject } from './decode.ts';
export { ApiServer, type ApiServerOptions } from './server.ts';
export { Watch, type WatchEvent } from './watch.ts';
