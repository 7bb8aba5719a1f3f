/** The name that DynamoDB or its SDK gives an error, such as `ThrottlingException`. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

/** Status of the answer that a request failed with; `undefined` where there was none. */
export function statusOf(error: unknown): number | undefined {
  return metadataOf(error).httpStatusCode
}

/** Whether the SDK has set its clock by the answer: the same request may be good now. */
export function isClockCorrected(error: unknown): boolean {
  return metadataOf(error).clockSkewCorrected === true
}

function metadataOf(error: unknown): { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean } {
  return error instanceof Error && '$metadata' in error ? (error.$metadata as object) : {}
}
