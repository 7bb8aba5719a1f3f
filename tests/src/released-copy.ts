import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { readManifest, root } from './repository.js'

const run = promisify(execFile)
const bin = join(root, 'node_modules', '.bin')

/** Copies what `changeset version` reads into a repository of its own, which the caller removes: manifests and changesets. */
export async function copyRepository(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'versions-'))
  for (const file of ['package.json', 'pnpm-workspace.yaml', '.gitignore', '.changeset']) cpSync(join(root, file), join(copy, file), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const several = ['packages', 'examples'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)))
  const folders = [...several, 'bench', 'tests', 'scripts/services'].filter((folder) => existsSync(join(root, folder, 'package.json')))
  for (const folder of folders) {
    for (const file of ['package.json', 'CHANGELOG.md']) {
      if (existsSync(join(root, folder, file))) cpSync(join(root, folder, file), join(copy, folder, file))
    }
  }
  linkPackages(copy, folders)
  await run('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: copy })
  await commit(copy)
  return copy
}

/** As an install does: pnpm asks the linked package for its version when it packs. */
function linkPackages(copy: string, folders: readonly string[]): void {
  const folderOf = new Map(folders.map((folder) => [readManifest(join(copy, folder)).name, join(copy, folder)]))
  for (const folder of folders) {
    const { dependencies, peerDependencies, devDependencies } = readManifest(join(copy, folder))
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })) {
      const target = folderOf.get(name)
      if (target === undefined) continue
      const link = join(copy, folder, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(target, link)
    }
  }
}

async function commit(copy: string): Promise<void> {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  await run('git', ['add', '.'], { cwd: copy })
  await run('git', [...author, 'commit', '--quiet', '--allow-empty', '--message', 'A change'], { cwd: copy })
}

/** Writes down a change as `npx changeset` does: such as `'@registry/core': minor`, and a text for users. */
export async function addChangeset(copy: string, bump: string, text: string): Promise<void> {
  await writeFile(join(copy, '.changeset', 'a-change.md'), `---\n${bump}\n---\n\n${text}\n`)
  await commit(copy)
}

/** Makes versions and changelogs of all changesets that there are. */
export async function release(copy: string): Promise<void> {
  await run(join(bin, 'changeset'), ['version'], { cwd: copy })
  await commit(copy)
}

/** The range of core that a package would be published with. */
export async function publishedPeer(copy: string, folder: string): Promise<string | undefined> {
  const archive = join(copy, 'packed.tgz')
  await run(join(bin, 'pnpm'), ['pack', '--out', archive], { cwd: join(copy, folder) })
  const { stdout } = await run('tar', ['-xzOf', archive, 'package/package.json'])
  return (JSON.parse(stdout) as { readonly peerDependencies: Record<string, string> }).peerDependencies['@registry/core']
}
