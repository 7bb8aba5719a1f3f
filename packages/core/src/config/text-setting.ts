import { RegistryError } from '../errors.js'
import type { Origin, Setting } from './setting.js'
import { parseYaml } from './yaml.js'
import { plainValue } from './plain-value.js'

/** A setting that is given as one text, as the environment and the command line do: YAML, unless its option is a text. */
export function textSetting(text: string, origin: Origin): Setting {
  try {
    return { text, value: plainValue(parseYaml(text, 'its text')), origin }
  } catch (error) {
    if (!RegistryError.is(error, 'CONFIG')) throw error
    return { text, value: undefined, flaw: error.message, origin }
  }
}
