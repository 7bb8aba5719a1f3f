const folder = 'packages/create-registry-driver'
const create = (title) => ({ file: `${folder}/test/create.test.ts`, title })
const made = (title) => ({ file: `${folder}/test/made-package.test.ts`, title })

export const creating = [
  {
    name: 'create: what is in the folder is overwritten',
    file: `${folder}/src/write-package.ts`,
    find: `if ((await contentOf(folder)).length > 0)`,
    replace: `if ((await contentOf(folder)).length > 99)`,
    test: create('writes it where it is told to, also into an empty folder, and overwrites nothing'),
  },
  {
    name: 'create: names in the files are not filled in',
    file: `${folder}/src/write-package.ts`,
    find: `fill(await readFile(join(template, part, path), 'utf8'))`,
    replace: `await readFile(join(template, part, path), 'utf8')`,
    test: create('writes a package for a %s, and says what to do next'),
  },
  {
    name: 'create: it waits for answers where nobody can be asked',
    file: `${folder}/src/program.ts`,
    find: `if (!process.stdin.isTTY) require(options)`,
    replace: ``,
    test: create('refuses %j in a line, and writes nothing'),
  },
  {
    name: 'create: whoever has had enough gets a package',
    file: `${folder}/src/ask.ts`,
    find: `return isCancel(named) ? undefined : { kind: chosen, name: named }`,
    replace: `return { kind: chosen, name: isCancel(named) ? 'mine' : named }`,
    test: create('writes nothing where its user has had enough'),
  },
  {
    name: 'create: the name of a package of ours is taken',
    file: `${folder}/src/names.ts`,
    find: `if (taken[kind].includes(name))`,
    replace: `if (taken[kind].includes(kind))`,
    test: { file: `${folder}/src/names.test.ts`, title: 'refuses what packages of Registry are called, and what is too long' },
  },
  {
    name: 'create: an exported driver has no name of its own',
    file: `${folder}/src/write-package.ts`,
    find: `    name,\n    package: packageName,`,
    replace: `    name: 'driver',\n    package: packageName,`,
    test: made('builds what a server looks for, with types'),
  },
  {
    name: 'conformance: what the case found is hidden by what cannot be removed',
    file: 'packages/core/src/conformance/run-case.ts',
    find: `if (outcome.status === 'rejected') throw outcome.reason
  if (destruction.status === 'rejected') throw destruction.reason`,
    replace: `if (destruction.status === 'rejected') throw destruction.reason
  if (outcome.status === 'rejected') throw outcome.reason`,
    test: { file: 'packages/core/test/suite-machinery.test.ts', title: 'fails a case behind which a store cannot be closed or removed, but tells first what the case found' },
  },
]
