import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, it, onTestFinished, vi } from 'vitest'
import { describeWithDynamodb, startDynamodb } from '../src/dynamodb.js'
import { startDynamodbProcess } from '../src/start-dynamodb.js'
import { createTable } from './support/start-dynamodb.js'

const script = fileURLToPath(new URL('../dynamodb-local.mjs', import.meta.url))

function run(options: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const child = spawn(process.execPath, [script, ...options], { env, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGTERM'))
  return child
}

async function endpointOf(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return line.replace('ready ', '')
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  )
}

describeWithDynamodb('DynamoDB Local', () => {
  it('keeps items, and drops the tables whose names begin so', async () => {
    const dynamodb = await startDynamodb()
    const client = dynamodb.client()
    await createTable(client, 'dynamodb-test-b', true)
    await createTable(client, 'dynamodb-test-a')
    await createTable(client, 'dynamodb-other')
    await client.send(new PutItemCommand({ TableName: 'dynamodb-test-a', Item: { key: { S: 'k' }, value: { N: '7' } } }))
    const { Item } = await client.send(new GetItemCommand({ TableName: 'dynamodb-test-a', Key: { key: { S: 'k' } } }))
    expect(Item).toEqual({ key: { S: 'k' }, value: { N: '7' } })
    expect(await dynamodb.tables('dynamodb-test-')).toEqual(['dynamodb-test-a', 'dynamodb-test-b'])
    await dynamodb.dropTables('dynamodb-test-')
    expect(await dynamodb.tables('dynamodb-')).toEqual(['dynamodb-other'])
    await dynamodb.dropTables('dynamodb-other')
    dynamodb.close()
    expect((await startDynamodb()).endpoint).toBe(dynamodb.endpoint)
  })

  it('ends when it is closed', async () => {
    const dynamodb = await startDynamodbProcess()
    expect(await answers(dynamodb.endpoint)).toBe(true)
    await dynamodb.close()
    expect(await answers(dynamodb.endpoint)).toBe(false)
  })

  it.each([
    ['is killed', (program: ChildProcess) => program.kill('SIGKILL')],
    ['is interrupted', (program: ChildProcess) => program.kill('SIGINT')],
    ['reads the end of its input', (program: ChildProcess) => program.stdin!.end()],
  ])('ends when the program that runs it %s', async (_, end) => {
    const program = run(['--until-stdin-ends'])
    const endpoint = await endpointOf(program)
    expect(await answers(endpoint)).toBe(true)
    end(program)
    await vi.waitFor(async () => {
      expect(await answers(endpoint)).toBe(false)
    }, 20_000)
  })

  it('is refused a port that another has', async () => {
    const { port } = new URL((await startDynamodb()).endpoint)
    const program = run(['--port', port])
    expect(await text(program.stderr!)).toBe(`Port ${port} cannot be used (EADDRINUSE): choose another with --port.\n`)
    expect(program.exitCode ?? (await once(program, 'exit'))[0]).toBe(1)
  })

  it('says what to do where there is no Java', async () => {
    const program = run([], { ...process.env, PATH: '' })
    expect(await text(program.stderr!)).toMatch(/^DynamoDB Local needs Java 17 or later: apt-get install \S.*\n$/)
  })
})
