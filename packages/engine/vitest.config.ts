import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import shared from '../../vitest.package.js'

/** Searches take longest: they begin, so that no worker is left alone with one in the end. */
class SearchesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSearch = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/interleaving/')
    return (await super.sort(files)).sort((a, b) => Number(isSearch(b)) - Number(isSearch(a)))
  }
}

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: ['@registry/services/ceph-setup'], sequence: { sequencer: SearchesFirst } } })

export default config
