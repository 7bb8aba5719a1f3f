const source = 'packages/engine/src'
const test = 'packages/engine/test'
const listeners = (title) => ({ file: `${source}/hooks/start-listeners.test.ts`, title })
const told = (title) => ({ file: `${test}/hooks.test.ts`, title })
const checked = (title) => ({ file: `${test}/before.test.ts`, title })
const once = told('is told once of %s (%s)')
const pushes = told('is told what a push did, in its order, and of nothing that was there already')
const blobs = told('is told of blobs that a repository gets and loses')

/** What listeners are told, and what checks refuse. */
export const hooks = [
  {
    name: 'hooks: listeners are called before the answer',
    file: `${source}/hooks/start-listeners.ts`,
    find: `      setImmediate(() => {`,
    replace: `      queueMicrotask(() => {`,
    test: listeners('are told later, behind every promise that is settled already'),
  },
  {
    name: 'hooks: nobody hears what a listener throws',
    file: `${source}/hooks/start-listeners.ts`,
    find: `.catch(onError)`,
    replace: `.catch(() => {})`,
    test: listeners('harm nobody when they throw, reject or hang'),
  },
  {
    name: 'hooks: a listener that throws keeps the others from being told',
    file: `${source}/hooks/start-listeners.ts`,
    find: `void callListener(registration.listener as Listener<Name>, frozen).catch(onError)`,
    replace: `void Promise.resolve((registration.listener as Listener<Name>)(frozen)).catch(onError)`,
    test: listeners('harm nobody when they throw, reject or hang'),
  },
  {
    name: 'hooks: a listener is told after it was taken away',
    file: `${source}/hooks/start-listeners.ts`,
    find: `        if (!known.has(registration)) return
`,
    replace: ``,
    test: listeners('are told of what happens while they are there, as often as they are there'),
  },
  {
    name: 'hooks: listeners can change what the next one is told',
    file: `${source}/hooks/start-listeners.ts`,
    find: `Object.freeze({ ...event })`,
    replace: `{ ...event }`,
    test: listeners('are told what nobody can change, and what nobody changes behind it'),
  },
  {
    name: 'hooks: a registry is closed before its listeners are told',
    file: `${source}/registry.ts`,
    find: `    await hooks.told()
    // Only now`,
    replace: `    // Only now`,
    test: told('tells what happened before it was closed'),
  },
  {
    name: 'hooks: a push tells of tags that were there',
    file: `${source}/manifest-push.ts`,
    find: `  if (before?.digest === digest && before.generation === generation) return relyOn(key, row as Row<Tag>)`,
    replace: `  if (before?.digest === digest && before.generation === generation) {
    const size = Buffer.byteLength(text)
    return { ...relyOn(key, row as Row<Tag>), events: [{ name: 'tag.pushed', event: { repository, tag, digest, mediaType: document.mediaType, size } }] }
  }`,
    test: pushes,
  },
  {
    name: 'hooks: a push tells of the repository last',
    file: `${source}/manifest-push.ts`,
    find: `[repository, ...contents].flatMap((part) => part.events)`,
    replace: `[...contents, repository].flatMap((part) => part.events)`,
    test: pushes,
  },
  {
    name: 'hooks: a push tells before its records are written',
    file: `${source}/manifest-push.ts`,
    find: `  try {
    await Promise.all([plan.note?.write()`,
    replace: `  context.hooks.tellAll(plan.events)
  try {
    await Promise.all([plan.note?.write()`,
    test: told('is not told before the record is written that the answer waits for'),
  },
  {
    name: 'hooks: a push whose answer was lost is never told',
    file: `${source}/manifest-push.ts`,
    find: `    if (plan && isUnknown(error)) lost.push(plan)
`,
    replace: ``,
    test: once,
  },
  {
    name: 'hooks: a push whose answer was lost is told though it never landed',
    file: `${source}/manifest-push.ts`,
    find: `lost.filter(({ due }) => put.has(due))`,
    replace: `lost.filter(() => put.size > 0)`,
    test: once,
  },
  {
    name: 'hooks: a delete whose answer was lost is never told',
    file: `${source}/recorded-commit.ts`,
    find: `lost = { error, events }`,
    replace: `lost = { error, events: [] }`,
    test: once,
  },
  {
    name: 'hooks: a sweep whose answer was lost is never told',
    file: `${source}/sweep-manifest.ts`,
    find: `    if (earlier) await record(context, earlier, page.events)`,
    replace: `    if (earlier) await record(context, earlier, [])`,
    test: once,
  },
  {
    name: 'hooks: a change whose record cannot be written is never told',
    file: `${source}/recorded-commit.ts`,
    find: `  try {
    await note.write()
  } finally {`,
    replace: `  await note.write()
  {`,
    test: told('is told of %s, which stands, and not again when it is asked for again'),
  },
  {
    name: 'hooks: a sweep tells of tags that were pushed again',
    file: `${source}/sweep-manifest.ts`,
    find: `  const events = burials.flatMap((burial) => burial.events ?? [])`,
    replace: `  const events = entries.map(({ key }) => ({ name: 'tag.deleted' as const, event: { repository, tag: key.sort, digest } }))`,
    test: told('is not told of tags that were pushed again before their deleted manifest was swept'),
  },
  {
    name: 'hooks: an upload tells of a blob that the repository had',
    file: `${source}/close-upload.ts`,
    find: `if (!asReadable(blob, link)) context.hooks`,
    replace: `context.hooks`,
    test: blobs,
  },
  {
    name: 'hooks: a mount tells of a blob that the repository had',
    file: `${source}/blobs.ts`,
    find: `if (!asReadable(blob, link)) context.hooks`,
    replace: `context.hooks`,
    test: blobs,
  },
  {
    name: 'hooks: a push is checked when it is stored',
    file: `${source}/manifests.ts`,
    find: `      await checkPush(context, { repository, digest, tags: all, text, document }, { signal })
`,
    replace: `      for (const some of batchesOf(all, tagsOfCommit(context))) await attemptPush(context, { repository, digest, tags: some, text, document }, [])
      await checkPush(context, { repository, digest, tags: all, text, document }, { signal })
`,
    test: checked('that throws or rejects before a %s refuses it, and nothing is left of it'),
  },
  {
    name: 'hooks: a check can change the annotations that are stored',
    file: `${source}/hooks/check-push.ts`,
    find: `Object.freeze({ ...document.annotations })`,
    replace: `document.annotations ?? {}`,
    test: checked('is shown what is pushed before anything of it is stored, and cannot change it'),
  },
  {
    name: 'hooks: only the first tag of a push is checked',
    file: `${source}/hooks/check-push.ts`,
    find: `for (const tag of tags)`,
    replace: `for (const tag of tags.slice(0, 1))`,
    test: checked('of one tag refuses the push with all of its tags, and its manifest'),
  },
  {
    name: 'hooks: checks are asked at the same time',
    file: `${source}/hooks/start-checks.ts`,
    find: `for (const { check } of [...known]) await askCheck(check, push, { milliseconds, signal })`,
    replace: `await Promise.all([...known].map(({ check }) => askCheck(check, push, { milliseconds, signal })))`,
    test: checked('comes after those that are there, and the first refusal counts'),
  },
  {
    name: 'hooks: a check goes on when the client has left',
    file: `${source}/hooks/ask-check.ts`,
    find: `  signal?.addEventListener('abort', leave, { once: true })
`,
    replace: ``,
    test: checked('that hangs ends for the push when the client leaves, and its signal is aborted'),
  },
  {
    name: 'hooks: a check without a time limit has no time at all',
    file: `${source}/hooks/ask-check.ts`,
    find: `Math.min(milliseconds, longestTimer)`,
    replace: `milliseconds`,
    test: checked('has no time limit where the policy has none, and its signal stays as it is when it has ended'),
  },
  {
    name: 'hooks: a check that storage failed refuses for good',
    file: `${source}/hooks/refusal.ts`,
    find: `RegistryError.is(error, 'DENIED', ...failures)`,
    replace: `RegistryError.is(error, 'DENIED')`,
    test: checked('that could not read the config fails as storage does, and refuses nothing'),
  },
  {
    name: 'hooks: a client is asked to log in where a check refuses',
    file: 'packages/server/src/errors.ts',
    find: `DENIED: [403, 'DENIED']`,
    replace: `DENIED: [401, 'UNAUTHORIZED']`,
    test: { file: 'packages/server/src/errors.test.ts', title: 'passes on what a check says' },
  },
  {
    name: 'hooks: a check is not told over HTTP that the client has left',
    file: 'packages/server/src/handlers/manifests.ts',
    find: `{ mediaType, tags, signal }`,
    replace: `{ mediaType, tags }`,
    test: { file: 'packages/server/test/protocol/denied.test.ts', title: 'tells the check, leaves nothing, and is no failure of the registry' },
  },
  {
    name: 'hooks: a client has left whenever it is answered',
    file: 'packages/server/src/client-left.ts',
    find: `return destroyed && !writableFinished`,
    replace: `return destroyed || writableFinished`,
    test: { file: 'packages/server/src/client-left.test.ts', title: 'is not aborted by an answer that was sent' },
  },
  {
    name: 'hooks: a client that left is a failure of the registry',
    file: 'packages/server/src/write-error.ts',
    find: `if (isDeparture(error))`,
    replace: `if (isDeparture(error) && status < 500)`,
    test: { file: 'packages/server/test/protocol/denied.test.ts', title: 'tells the check, leaves nothing, and is no failure of the registry' },
  },
  {
    name: 'hooks: a module that throws what nobody may look at is not named',
    file: 'packages/server/src/modules/reason-of.ts',
    find: `return 'what it threw cannot be looked at'`,
    replace: `throw new Error('it cannot be looked at')`,
    test: { file: 'packages/server/src/modules/reason-of.test.ts', title: 'is one line whatever was thrown: %s' },
  },
]
