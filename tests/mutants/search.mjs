const source = 'packages/engine/src'
const test = 'packages/engine/test'
const search = (title) => ({ file: `${test}/search.test.ts`, title })
const descriptions = (title) => ({ file: `${test}/descriptions.test.ts`, title })
const orders = { file: `${test}/interleaving/descriptions.test.ts`, title: 'whatever the order, descriptions follow what is tagged' }

/** Search, and descriptions that follow what is pushed. */
export const searching = [
  {
    name: 'search: names that begin with the term are not before others',
    file: `${source}/search/search-repositories.ts`,
    find: `return others.length === 0 && /^[a-z0-9._/-]*$/.test(term) ? term : undefined`,
    replace: `return others.length === 0 && term === '' ? term : undefined`,
    test: search('finds the exact name first, then names that begin with the term, then names, then descriptions, each by name'),
  },
  {
    name: 'search: descriptions rank with names',
    file: `${source}/search/search-repositories.ts`,
    find: `return [...repositories.filter(isInName), ...repositories.filter((repository) => !isInName(repository))]`,
    replace: `return repositories.filter((repository) => isInName(repository) || true)`,
    test: search('finds the exact name first, then names that begin with the term, then names, then descriptions, each by name'),
  },
  {
    name: 'search: what is beyond the window is hidden',
    file: `${source}/search/search-repositories.ts`,
    find: `more: beginnings.length > most || others.length > rankedMatches`,
    replace: `more: false`,
    test: search('ranks a thousand matches, and says that there may be more'),
  },
  {
    name: 'search: names that begin with the term are found twice',
    file: `${source}/search/matching.ts`,
    find: `const found = liveRepositories(page.entries).filter(({ name }) => !isLeftOut(name))`,
    replace: `const found = liveRepositories(page.entries)`,
    test: search('finds the exact name first, then names that begin with the term, then names, then descriptions, each by name'),
  },
  {
    name: 'search: matches behind the names that begin with the term are lost',
    file: `${source}/search/matching.ts`,
    find: 'after = last !== undefined && isLeftOut(last) ? `${without!}${behindNames}` : last',
    replace: `if (last !== undefined && isLeftOut(last)) return
      after = last`,
    test: search('reads on behind short pages, past the names that begin with the term'),
  },
  {
    name: 'search: partitions are not merged in order',
    file: `${source}/search/merged.ts`,
    find: `(!least || nextOf(head).name < nextOf(least).name)`,
    replace: `!least`,
    test: search('without a term finds every repository by name'),
  },
  {
    name: 'search: pages overlap',
    file: `${source}/search/search-repositories.ts`,
    find: `known.slice(skip, skip + limit)`,
    replace: `known.slice(skip === 0 ? 0 : skip - 1, skip + limit)`,
    test: search('has the same order on pages of every size'),
  },
  {
    name: 'search: deleted repositories are found',
    file: `${source}/search/live-repositories.ts`,
    find: `return isLive(row) ? [{ name: key.sort, row }] : []`,
    replace: `return [{ name: key.sort, row: row as Repository }]`,
    test: search('finds what is pushed and no more what was deleted'),
  },
  {
    name: 'search: off is not off',
    file: `${source}/search/search-repositories.ts`,
    find: `if (!policy.search) throw`,
    replace: `if (!policy.search && index.name === '') throw`,
    test: search('is refused where the policy has it off'),
  },
  {
    name: 'descriptions: a description is not found',
    file: `${source}/repository-row.ts`,
    find: 'const text = description === undefined ? name : `${name}\\n${description}`',
    replace: `const text = description === undefined ? name : name`,
    test: descriptions('is what the newest tagged manifest says of itself, and found'),
  },
  {
    name: 'descriptions: the oldest tag describes',
    file: `${source}/descriptions/newest-description.ts`,
    find: `b.row.time - a.row.time ||`,
    replace: `a.row.time - b.row.time ||`,
    test: descriptions('is what the newest tagged manifest says of itself, and found'),
  },
  {
    name: 'descriptions: a deleted tag goes on describing',
    file: `${source}/descriptions/follow-description.ts`,
    find: `text === undefined ? derived?.tag === tag : text !== derived?.text`,
    replace: `text !== undefined && text !== derived?.text`,
    test: descriptions('stays where a newer one says nothing, and follows retags and deletes'),
  },
  {
    name: 'descriptions: labels are not read',
    file: `${source}/descriptions/manifest-description.ts`,
    find: `return told(document.annotations) ?? told(`,
    replace: `return told(document.annotations) ?? (document.blobs.length > 1e9) ? undefined : told(`,
    test: descriptions('is in the labels of the config where an image has no annotations, and in the first image of an index'),
  },
  {
    name: 'descriptions: any config has labels',
    file: `${source}/image-config.ts`,
    find: `if (config === undefined || !configTypes.has(config.mediaType)) return undefined`,
    replace: `if (config === undefined) return undefined`,
    test: descriptions('is none where the config is of something else than an image'),
  },
  {
    name: 'descriptions: what a terminal takes for commands stays',
    file: `${source}/visible-text.ts`,
    find: `.replace(unwanted, '')`,
    replace: '',
    test: descriptions('is one line of plain text, bounded'),
  },
  {
    name: 'descriptions: any length is kept',
    file: `${source}/plain-text.ts`,
    find: `if (Buffer.byteLength(line) <= mostBytes) return line`,
    replace: `if (line !== '') return line`,
    test: descriptions('is one line of plain text, bounded'),
  },
  {
    name: 'descriptions: a text that nobody sees is taken',
    file: `${source}/plain-text.ts`,
    find: `return visible.test(line) ? bounded(line) : undefined`,
    replace: `return line === '' ? undefined : bounded(line)`,
    test: descriptions('is refused where nothing of it can be seen, and for a repository that is not there'),
  },
  {
    name: 'descriptions: a push replaces what somebody set',
    file: `${source}/repository-row.ts`,
    find: `return description ?? derived?.text`,
    replace: `return derived?.text ?? description`,
    test: descriptions('is what somebody set, until that is taken back'),
  },
  {
    name: 'descriptions: none comes back with a lost index',
    file: `${source}/rebuild/rebuild-index.ts`,
    find: `  await restoreDescriptions(context, hold)
`,
    replace: `  if (hold.state.done < 0) await restoreDescriptions(context, hold)
`,
    test: descriptions('comes back when the index is lost'),
  },
  {
    name: 'descriptions: what was pushed while search was off is taken as known',
    file: `${source}/descriptions/follow-description.ts`,
    find: `if (describing !== undefined || derived === undefined) return false`,
    replace: `if (describing !== undefined) return false`,
    test: descriptions('is let go where search is off and a tag is put or deleted, and looked for again at the next one'),
  },
  {
    name: 'descriptions: somebody has to look at a new repository, and first pushes meet that',
    file: `${source}/manifest-push.ts`,
    find: `, ...(context.policy.search && { derived: null })`,
    replace: ``,
    test: { file: `${test}/concurrent-pushes.test.ts`, title: 'share a base layer without a conflict' },
  },
  {
    name: 'descriptions: each push looks for the newest tag',
    file: `${source}/descriptions/follow-description.ts`,
    find: `if (await isKnown(context, repository, row.value, tags)) return`,
    replace: `if ((await isKnown(context, repository, row.value, tags)) && tags.length === 0) return`,
    test: descriptions('is not looked for again where a push says the same'),
  },
  {
    name: 'in some order: a description that was found too early is put',
    file: `${source}/descriptions/follow-description.ts`,
    find: `if (describing !== undefined || derived === undefined) return false`,
    replace: `if (derived === undefined) return false`,
    test: orders,
  },
  {
    name: 'in some order: a manifest that came back is taken for the one that was deleted',
    file: `${source}/descriptions/tag-descriptions.ts`,
    find: `if (!isLiveRow(manifest) || manifest.value.generation !== generation) return undefined`,
    replace: `if (!isLiveRow(manifest)) return undefined`,
    test: descriptions('is none of a tag whose manifest was deleted, though that is there again'),
  },
  {
    name: 'in some order: who works off the same note is relied on',
    file: `${source}/descriptions/follow-description.ts`,
    find: `mark !== first.mark && mark !== due) return`,
    replace: `mark !== first.mark) return`,
    test: descriptions('is looked for by who works off a note, whoever looks under the same and fails'),
  },
]
