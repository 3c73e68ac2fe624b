// The kinds of one release: a kind's row, and the version its objects are stored in. Custom kinds come and go, so theirs are looked up each time.
import { findResource, groupVersionOf, type Resource, servedVersions, type Version } from '../api/index.ts';

export class ServedKinds {
  #version: Version;
  #resources = new Map<string, Resource>();
  #stored = new Map<Resource, string>();

  constructor(version: Version) {
    this.#version = version;
  }

  resourceOf(kind: string): Resource {
    let resource = this.#resources.get(kind);
    if (resource) return resource;
    resource = findResource(kind, this.#version) ?? findResource(kind);
    if (!resource) throw new RangeError(`no kind ${kind}`);
    if (!('schemaOf' in resource)) this.#resources.set(kind, resource);
    return resource;
  }

  storedVersion(resource: Resource): string {
    let apiVersion = this.#stored.get(resource);
    if (!apiVersion) {
      apiVersion = resource.storedAs ?? groupVersionOf(resource, servedVersions(resource, this.#version)[0] ?? resource.versions[0]!.version);
      if (!('schemaOf' in resource)) this.#stored.set(resource, apiVersion);
    }
    return apiVersion;
  }
}
