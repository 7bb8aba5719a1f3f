/** What is sent for a request. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: readonly Uint8Array[]
}
