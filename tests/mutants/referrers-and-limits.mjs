const source = 'packages/engine/src'
const test = 'packages/engine/test'
const referrers = `${test}/referrers.test.ts`
const shape = `${source}/manifest-shape.test.ts`
const tags = `${test}/pushed-tags.test.ts`

export const referrersAndLimits = [
  {
    name: 'referrers that were deleted are listed until they are swept',
    file: `${source}/referrers.ts`,
    find: `dead.has(referrer.generation) || `,
    replace: `(dead.size < 0) || `,
    test: { file: referrers, title: 'that are deleted are gone at once, also while their traces are not swept' },
  },
  {
    name: 'a list of referrers does not look at the deletes behind the referrers',
    file: `${source}/doomed.ts`,
    find: `new Set([...before, ...after])`,
    replace: `new Set([...before, ...after.slice(after.length)])`,
    test: { file: referrers, title: 'that are deleted while they are listed count as deleted' },
  },
  {
    name: 'a list of referrers does not look at the deletes before the referrers',
    file: `${source}/doomed.ts`,
    find: `new Set([...before, ...after])`,
    replace: `new Set([...before.slice(before.length), ...after])`,
    test: { file: referrers, title: 'that were deleted are gone, also where their sweep ends while they are listed' },
  },
  {
    name: 'referrers are not filtered',
    file: `${source}/referrers.ts`,
    find: `referrer.descriptor.artifactType !== artifactType)`,
    replace: `referrer.descriptor.artifactType === '')`,
    test: { file: referrers, title: 'are filtered by their type' },
  },
  {
    name: 'annotations of referrers that do not fit in a row are lost',
    file: `${source}/referrers.ts`,
    find: `if (!annotationsLeftOut) return descriptor`,
    replace: `if (!annotationsLeftOut || !descriptor.annotations) return descriptor`,
    test: { file: referrers, title: 'with annotations that do not fit in a row have them all the same' },
  },
  {
    name: 'a page of referrers that is full says that there are no more',
    file: `${source}/referrers.ts`,
    find: `return { descriptors, more: true }`,
    replace: `return { descriptors, more: false }`,
    test: { file: referrers, title: 'come in pages of so many bytes, of one at the least, and a page says whether there may be more' },
  },
  {
    name: 'a page of referrers that has room for none has none',
    file: `${source}/referrers.ts`,
    find: `if (room < 0 && descriptors.length > 0)`,
    replace: `if (room < 0)`,
    test: { file: referrers, title: 'come in pages of so many bytes, of one at the least, and a page says whether there may be more' },
  },
  {
    name: 'brackets in strings count as nesting',
    file: `${source}/manifest-shape.ts`,
    find: `      at = end
`,
    replace: ``,
    test: { file: shape, title: 'is as deep as the limit, and no deeper' },
  },
  {
    name: 'the name of a field is compared as it is written, escapes and all',
    file: `${source}/manifest-shape.ts`,
    find: `return String(JSON.parse(string))`,
    replace: `return string.slice(1, -1)`,
    test: { file: shape, title: 'is not that of %s' },
  },
  {
    name: 'fields of a manifest may be spelled in any case',
    file: `${source}/manifest-shape.ts`,
    find: `spelled.get(name.toLowerCase())`,
    replace: `spelled.get(fields.includes(name) ? name.toLowerCase() : '')`,
    test: { file: shape, title: 'is not that of %s' },
  },
  {
    name: 'fields of parts of a manifest count as its own',
    file: `${source}/manifest-shape.ts`,
    find: `if (level === 1 && isName(text, end))`,
    replace: `if (isName(text, end))`,
    test: { file: shape, title: 'may be that of %s' },
  },
  {
    name: 'only as many tags are pushed as fit in one commit',
    file: `${source}/manifests.ts`,
    find: `for (const some of batchesOf(all, tagsOfCommit(context))) {`,
    replace: `for (const some of batchesOf(all, tagsOfCommit(context)).slice(0, 1)) {`,
    test: { file: tags, title: 'has more of them than fit in one commit' },
  },
  {
    name: 'all tags of a push go into one commit',
    file: `${source}/manifests.ts`,
    find: `for (const some of batchesOf(all, tagsOfCommit(context))) {`,
    replace: `for (const some of batchesOf(all, tagsOfCommit(context) * 1000)) {`,
    test: { file: tags, title: 'has more of them than fit in one commit' },
  },
  {
    name: 'a push may have any number of tags',
    file: `${source}/manifests.ts`,
    find: `if (tags.length > policy.pushTags)`,
    replace: `if (tags.length > policy.manifestBytes)`,
    test: { file: tags, title: 'is refused with more than the policy allows, or with more descriptors, and changes nothing' },
  },
  {
    name: 'a manifest may have any number of descriptors',
    file: `${source}/manifests.ts`,
    find: `if (document.descriptors > policy.manifestDescriptors)`,
    replace: `if (document.descriptors > policy.manifestBytes)`,
    test: { file: tags, title: 'is refused with more than the policy allows, or with more descriptors, and changes nothing' },
  },
  {
    name: 'there may be any number of upload sessions',
    file: `${source}/free-upload-id.ts`,
    find: `if (entries.length < room) return id`,
    replace: `if (entries.length <= room) return id`,
    test: { file: `${test}/upload-limits.test.ts`, title: 'are opened until there are about as many as the policy allows, and again when some have ended' },
  },
  {
    name: 'a corrupt blob is mounted where no source is named',
    file: `${source}/blobs.ts`,
    find: `if (row === undefined || row.value.state === 'corrupt')`,
    replace: `if (row === undefined)`,
    test: { file: `${test}/blobs.test.ts`, title: 'is unknown while it is corrupt, and its lease is not renewed' },
  },
]
