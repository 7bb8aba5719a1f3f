export { driver } from './driver-module.js'
export { s3Driver } from './s3-driver.js'
export type { S3DriverOptions } from './s3-driver-options.js'
export { sweepAbandonedUploads } from './sweep-uploads.js'
