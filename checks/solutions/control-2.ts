import { exercise, StatusError } from 'kubook';

await exercise('control-2', () => {
  const stored = new Map<string, any>();
  const log: { type: string; object: any; version: number }[] = [];
  let version = 0;

  const copy = (object: any) => structuredClone(object);
  const refuse = (code: number, reason: string, name: string) => new StatusError(reason, code, `${name}: ${reason}`);
  function find(name: string) {
    const found = stored.get(name);
    if (!found) throw refuse(404, 'NotFound', name);
    return found;
  }
  function write(type: string, object: any) {
    const written = copy(object);
    written.metadata.resourceVersion = String(++version);
    if (type === 'DELETED') stored.delete(object.metadata.name);
    else stored.set(object.metadata.name, written);
    log.push({ type, object: written, version });
    return copy(written);
  }

  return {
    create(object: any) {
      if (stored.has(object.metadata.name)) throw refuse(409, 'AlreadyExists', object.metadata.name);
      return write('ADDED', object);
    },
    get: (name: string) => copy(find(name)),
    list: () => ({
      metadata: { resourceVersion: String(version) },
      items: [...stored.keys()].sort().map((name) => copy(stored.get(name))),
    }),
    update(object: any) {
      const { name, resourceVersion } = object.metadata;
      const present = find(name);
      if (resourceVersion !== undefined && resourceVersion !== present.metadata.resourceVersion) throw refuse(409, 'Conflict', name);
      return write('MODIFIED', object);
    },
    delete: (name: string) => write('DELETED', find(name)),
    watch(resourceVersion: string) {
      let read = Number(resourceVersion);
      return {
        read() {
          const news = log.filter((entry) => entry.version > read);
          read = version;
          return news.map(({ type, object }) => copy({ type, object }));
        },
      };
    },
  };
});
