import type { IndexModule } from '@registry/core'
import { {{factory}}, type {{Type}}Options } from './{{name}}-index.js'
import { options } from './options.js'

export { {{factory}}, type {{Type}}Options }

/** What the server looks for in a package. */
export const index: IndexModule<{{Type}}Options> = { contract: 1, name: '{{name}}', options, open: {{factory}} }
