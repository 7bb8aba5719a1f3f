/** Conditions of a statement, and the values of their parameters. */
export class Conditions {
  readonly #texts: string[] = []
  readonly #values: unknown[] = []

  /** Adds a value, and gives the name of its parameter. */
  value(value: unknown): string {
    return `$${this.#values.push(value)}`
  }

  add(text: string): void {
    this.#texts.push(text)
  }

  get text(): string {
    return this.#texts.join(' AND ')
  }

  get values(): readonly unknown[] {
    return this.#values
  }
}
