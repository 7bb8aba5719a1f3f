// Imported first by every script, so that it speaks before anything that an older Node lacks is used.
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** `^20.19.0 || >=24` → `[{ orLater: false, major: 20, minor: 19 }, { orLater: true, major: 24, minor: 0 }]` */
const lines = manifest.engines.node.split('||').map((part) => {
  const [, operator, major, minor = '0'] = /^(\^|>=)(\d+)(?:\.(\d+))?/.exec(part.trim())
  return { orLater: operator === '>=', major: Number(major), minor: Number(minor) }
})

function isSupported(version) {
  const [major, minor] = version.split('.').map(Number)
  return lines.some((line) => (line.orLater && major > line.major) || (major === line.major && minor >= line.minor))
}

function refuse(reason) {
  console.error(reason)
  process.exit(1)
}

if (!isSupported(process.versions.node)) {
  const wanted = lines.map(({ major, minor }) => `${major}.${minor}+`).join(', ')
  refuse(`This is Node ${process.versions.node}. Registry needs one of these: ${wanted}.`)
}
if (process.platform === 'win32') {
  refuse('Windows is not supported. Linux and macOS are, and so is Linux inside WSL.')
}
