import type { EventName, Hooks, RegistryEvents } from '../../src/index.js'

/** One event as `name` and facts. */
export type Told = readonly [name: EventName, event: RegistryEvents[EventName]]

const names: Readonly<Record<EventName, true>> = {
  'repository.created': true,
  'repository.updated': true,
  'repository.deleted': true,
  'tag.pushed': true,
  'tag.deleted': true,
  'manifest.pushed': true,
  'manifest.deleted': true,
  'blob.pushed': true,
  'blob.mounted': true,
  'blob.deleted': true,
}

/** Every event from now on, in the order in which it is told. */
export function listenToAll(hooks: Hooks): Told[] {
  const told: Told[] = []
  for (const name of Object.keys(names) as EventName[]) hooks.on(name, (event) => told.push([name, event]))
  return told
}
