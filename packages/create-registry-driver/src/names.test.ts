import { expect, it } from 'vitest'
import { namesOf } from './names.js'

it('calls a package as configurations find it, and its parts as code does', () => {
  expect(namesOf('driver', 'azure-blob')).toEqual({
    kind: 'driver',
    name: 'azure-blob',
    package: 'registry-driver-azure-blob',
    factory: 'azureBlobDriver',
    type: 'AzureBlobDriver',
  })
  expect(namesOf('index', 'postgres')).toMatchObject({ package: 'registry-index-postgres', factory: 'postgresIndex', type: 'PostgresIndex' })
  expect(namesOf('driver', 'tier-2').factory).toBe('tier2Driver')
})

it('takes the name of the package, too', () => {
  expect(namesOf('driver', 'registry-driver-azure-blob').name).toBe('azure-blob')
})

it.each(['', 'Azure', 'azure_blob', '2-tier', '-azure', 'azure-', 'azure--blob', 'azure blob', '../azure', 'äzure'])('refuses %j', (name) => {
  expect(() => namesOf('driver', name)).toThrow(`${JSON.stringify(name)} is no name of a package: `)
})

it('refuses what packages of Registry are called, and what is too long', () => {
  expect(() => namesOf('driver', 's3')).toThrow('s3 is the name of @registry/driver-s3; call yours otherwise')
  expect(() => namesOf('index', 'registry-index-sqlite')).toThrow('sqlite is the name of @registry/index-sqlite; call yours otherwise')
  expect(namesOf('driver', 'sqlite').name).toBe('sqlite')
  expect(() => namesOf('driver', 'a'.repeat(61))).toThrow('the name has 61 characters, and 60 are the most')
})

it('refuses the name of the other kind', () => {
  expect(() => namesOf('driver', 'registry-index-foo')).toThrow('registry-index-foo is what --kind index would be called, and this is --kind driver')
})
