import { onTestFinished, vi } from 'vitest'
import type { Machine } from './machine.js'

/** A container of the image, as `podman` sees it. */
export interface RegistryContainer {
  readonly id: string
  /** Runs a program in it. Resolves with what that printed. */
  exec(...command: readonly string[]): Promise<string>
  /** Its log so far. */
  log(): Promise<string>
  /** Sends a signal to its first process, and waits for the end. Resolves with the exit code. */
  end(signal: string): Promise<number>
}

/** `docker run -d` with these arguments. It is removed after the test. */
export async function runDetached(machine: Machine, ...args: readonly string[]): Promise<RegistryContainer> {
  const podman = (...command: readonly string[]): Promise<string> => machine.run('podman', command)
  const id = (await podman('run', '--detach', ...args)).trim()
  onTestFinished(async () => {
    await podman('rm', '--force', '--volumes', '--time=0', id)
  })
  const log = (): Promise<string> => machine.run('sh', ['-c', 'exec podman logs "$1" 2>&1', 'sh', id])
  return {
    id,
    exec: (...command) => podman('exec', id, ...command),
    log,
    async end(signal): Promise<number> {
      await podman('kill', `--signal=${signal}`, id)
      return Number(await podman('wait', id))
    },
  }
}

/** The same, for one that serves. Resolves once its health check succeeds. */
export async function runRegistry(machine: Machine, ...args: readonly string[]): Promise<RegistryContainer> {
  const container = await runDetached(machine, ...args)
  const healthy = vi.waitFor(() => checkHealth(machine, container), { timeout: 60_000, interval: 100 })
  const ended = machine.run('podman', ['wait', container.id]).then((code) => Promise.reject(new Error(`it ended with ${code.trim()}`)))
  try {
    await Promise.race([healthy, ended])
  } catch (error) {
    throw new Error(`the registry does not answer:\n${await container.log()}`, { cause: error })
  }
  return container
}

/** Runs the health check of its image. Rejects where that fails. */
export async function checkHealth(machine: Machine, { id }: RegistryContainer): Promise<void> {
  await machine.run('podman', ['healthcheck', 'run', id])
}
