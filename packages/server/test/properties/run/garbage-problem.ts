import { bytesOf, type Garbage } from '../generate/garbage.js'
import { errorsOf } from './errors-of.js'
import { sendRaw } from './raw.js'

/** Sends garbage. Tells what is wrong with the answer. */
export async function garbageProblem(port: number, garbage: Garbage): Promise<string | undefined> {
  const answer = await sendRaw(port, bytesOf(garbage))
  if (answer === undefined) return 'there was no answer'
  const { status, headers, body } = answer
  if (!(status >= 200 && status < 500)) return `status ${status}: ${body.toString()}`
  if (headers['docker-distribution-api-version']?.join() !== 'registry/2.0') return `${status} without Docker-Distribution-API-Version`
  if (status < 400 || garbage.method === 'HEAD') return undefined
  const errors = errorsOf(answer)
  return typeof errors === 'string' ? `${status}: ${errors}` : undefined
}
