// Moves the clock of a process by milliseconds: node --import 'file:///PATH/shifted-clock.mjs?ahead=600000' PROGRAM
const ahead = Number(new URL(import.meta.url).searchParams.get('ahead'))
const { now } = Date
Date.now = () => now() + ahead
globalThis.Date = new Proxy(Date, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Date.now()] : args, made),
})
