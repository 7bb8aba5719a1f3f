import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { sqliteIndex } from '../src/index.js'
import { expectMessage } from './expect-trouble.js'
import { temporaryDirectory } from './temporary-directory.js'

const script = path.join(import.meta.dirname, 'children', 'open-and-put.mjs')
const permissions = 'check owner and permissions of the file and its directory'

/** What happens to another user who uses the file: one without any rights where the superuser runs this, else this one. */
async function asAnotherUser(file: string): Promise<{ code: string; driver: string; message: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, file])
  return JSON.parse(stdout) as { code: string; driver: string; message: string }
}

async function expectDenied(file: string): Promise<void> {
  const { code, driver, message } = await asAnotherUser(file)
  expect({ code, driver }, message).toEqual({ code: 'ACCESS_DENIED', driver: 'sqlite' })
  expectMessage(message, file, permissions)
}

describe('without permission', () => {
  let directory: string
  let file: string

  beforeEach(async () => {
    const parent = await temporaryDirectory()
    await chmod(parent, 0o755)
    directory = path.join(parent, 'data')
    await mkdir(directory)
    file = path.join(directory, 'index.sqlite')
  })

  it('to write the file, nothing is changed', async () => {
    await (await sqliteIndex({ file })).close()
    await chmod(directory, 0o777)
    await chmod(file, 0o444)
    const before = await readFile(file)
    await expectDenied(file)
    expect((await readFile(file)).equals(before)).toBe(true)
  })

  it('to read the file, it is refused', async () => {
    await (await sqliteIndex({ file })).close()
    await chmod(directory, 0o777)
    await chmod(file, 0o000)
    await expectDenied(file)
  })

  it('to write the directory of a file that can be written, nothing is changed', async () => {
    await (await sqliteIndex({ file })).close()
    await chmod(file, 0o666)
    await chmod(directory, 0o555)
    const before = await readFile(file)
    await expectDenied(file)
    expect((await readFile(file)).equals(before)).toBe(true)
    await chmod(directory, 0o755)
  })

  it('to make the file or its directory, it is refused', async () => {
    await chmod(directory, 0o555)
    await expectDenied(file)
    await expectDenied(path.join(directory, 'a', 'index.sqlite'))
    await chmod(directory, 0o755)
  })

  it('with permission, the same user can use it', async () => {
    await chmod(directory, 0o777)
    expect(await asAnotherUser(file)).toMatchObject({ code: 'none' })
  })
})
