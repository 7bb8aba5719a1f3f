import type { DriverModule } from '@registry/core'
import { {{factory}}, type {{Type}}Options } from './{{name}}-driver.js'
import { options } from './options.js'

export { {{factory}}, type {{Type}}Options }

/** What the server looks for in a package. */
export const driver: DriverModule<{{Type}}Options> = { contract: 1, name: '{{name}}', options, open: {{factory}} }
