export { driver } from './driver-module.js'
export { fileDriver, type FileDriverOptions } from './file-driver.js'
